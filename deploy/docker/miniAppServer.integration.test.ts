import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@artel/test-support/programs/port';
import { startNginx, withoutNginx } from '@artel/test-support/servers/nginx';
import type { RunningServer } from '@artel/test-support/servers/runningServer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const template = readFileSync(fileURLToPath(new URL('mini-app.conf.template', import.meta.url)), 'utf8');

/** As the image's entry point fills it in. */
function fillIn(values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** A server that tells what it was asked. */
async function startEcho(name: string) {
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method, url, headers } = request;
    const told = {
      name,
      method,
      url,
      length: body.length,
      forwarded: headers['x-forwarded-for'],
      host: headers.host,
    };
    response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify(told));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('asks for nothing that the image does not give it', () => {
  const asked = [...new Set([...template.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name))].sort();
  expect(asked).toEqual(['GAME_URL', 'GATEWAY_URL', 'NGINX_LOCAL_RESOLVERS']);
});

describe.skipIf(withoutNginx)('the server of the Mini App', () => {
  let app = '';
  let running: RunningServer;
  let gateway: Awaited<ReturnType<typeof startEcho>>;

  beforeAll(async () => {
    gateway = await startEcho('gateway');
    const nobody = `http://127.0.0.1:${await freePort()}`;
    running = await startNginx(({ port, folder }) => {
      const pages = join(folder, 'html');
      mkdirSync(join(pages, 'assets'), { recursive: true });
      writeFileSync(join(pages, 'index.html'), '<title>Artel</title>');
      writeFileSync(join(pages, 'assets/app-1.js'), `export const text = '${'x'.repeat(5_000)}';`);
      return fillIn({ GATEWAY_URL: gateway.url, GAME_URL: nobody, NGINX_LOCAL_RESOLVERS: '127.0.0.1' })
        .replace('listen 8080', `listen 127.0.0.1:${port}`)
        .replace('/usr/share/nginx/html', pages);
    });
    app = running.url;
  });

  afterAll(async () => {
    await running.close();
    gateway.server.close();
  });

  it('serves the page at every address of the app, to be asked for anew, and to be framed by Telegram alone', async () => {
    for (const path of ['/', '/game/1', '/settings']) {
      const response = await fetch(app + path);
      expect([response.status, await response.text()]).toEqual([200, '<title>Artel</title>']);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('content-security-policy')).toContain('frame-ancestors');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('server')).toBe('nginx');
    }
  });

  it('lets the browser keep what is named by its content, and packs it', async () => {
    const response = await fetch(`${app}/assets/app-1.js`);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('content-encoding')).toBe('gzip');
  });

  it.each(['/api/metrics', '/api/session', '/api/sentry?dsn=1'])(
    'hands %s to the gateway with the sender’s address, whole',
    async (path) => {
      const response = await fetch(app + path, { method: 'POST', body: 'x'.repeat(200_000) });
      expect(await response.json()).toEqual({
        name: 'gateway',
        method: 'POST',
        url: path,
        length: 200_000,
        forwarded: '127.0.0.1',
        host: new URL(app).host,
      });
    },
  );

  it('shows nothing of the gateway that is not for pages', async () => {
    for (const path of ['/api/admin', '/api/metrics/more', '/api/'])
      expect((await fetch(app + path)).status).toBe(404);
    // These are addresses of the app, and so its page.
    for (const path of ['/metrics', '/live'])
      expect(await (await fetch(app + path)).text()).toContain('<title>');
  });

  it('answers 503 in the words of the API, and when to come again, while a service is away', async () => {
    const response = await fetch(`${app}/api/game/sessions`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ status: 503 });
  });

  it('tells that it is well, whatever is behind it', async () => {
    expect((await fetch(`${app}/healthz`)).status).toBe(200);
  });

  it('refuses a body that is larger than the gateway’s largest', async () => {
    const response = await fetch(`${app}/api/sentry`, { method: 'POST', body: 'x'.repeat(5 * 2 ** 20 + 1) });
    expect(response.status).toBe(413);
  });
});
