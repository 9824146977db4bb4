import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { proxyMiddleware } from './apiProxy';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function front(target: string): Promise<string> {
  const middleware = proxyMiddleware({ '/api/game': target });
  return listen(
    createServer((request, response) =>
      middleware(request as never, response, () => response.end('the app')),
    ),
  );
}

describe('proxyMiddleware', () => {
  it('hands the request on and its answer back', async () => {
    const target = await listen(
      createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          response.writeHead(201, { 'x-from': String(request.headers['x-forwarded-for']) });
          response.end(`${request.method} ${request.url} ${Buffer.concat(chunks)}`);
        });
      }),
    );
    const answer = await fetch(`${await front(target)}/api/game/sessions?x=1`, {
      method: 'POST',
      body: 'ball',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-from')).toContain('127.0.0.1');
    expect(await answer.text()).toBe('POST /api/game/sessions?x=1 ball');
  });

  it('answers 503 as a problem when nothing listens there', async () => {
    const gone = createServer();
    const target = await listen(gone);
    await new Promise((resolve) => gone.close(resolve));
    const answer = await fetch(`${await front(target)}/api/game/sessions`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 503, title: 'Service Unavailable' });
  });

  it('leaves every other path to the app', async () => {
    const url = await front('http://127.0.0.1:1');
    expect(await (await fetch(`${url}/api/gamers`)).text()).toBe('the app');
    expect(await (await fetch(`${url}/game/42`)).text()).toBe('the app');
  });
});
