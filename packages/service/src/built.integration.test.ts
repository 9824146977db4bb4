import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createOtlpFake } from '@artel/test-support/fakes/otlp';
import { afterEach, expect, it, vi } from 'vitest';

const home = fileURLToPath(new URL('..', import.meta.url));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs the package as it is built, in a process of its own, as an app would. */
function start(script: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { output: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.output += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.errors += chunk;
  });
  return { child, said, ended: once(child, 'close') };
}

/** An app that has this package and of its peers only some. */
function appWith(packages: readonly string[]): string {
  const app = mkdtempSync(join(tmpdir(), 'service-'));
  folders.push(app);
  const own = join(app, 'node_modules/@artel/telemetry-service');
  mkdirSync(dirname(own), { recursive: true });
  cpSync(join(home, 'dist'), join(own, 'dist'), { recursive: true });
  cpSync(join(home, 'package.json'), join(own, 'package.json'));
  for (const name of ['@artel/telemetry-protocol', '@opentelemetry/api', 'fastify-plugin', ...packages]) {
    const place = join(app, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(realpathSync(join(home, 'node_modules', name)), place);
  }
  writeFileSync(join(app, 'package.json'), '{"type": "module"}');
  return app;
}

const create = (options = '') => `
  import { createService } from '@artel/telemetry-service';
  const service = await createService({ name: 'a', version: '1', secret: 'x'.repeat(32), ${options} });
  console.log('created');
  await service.close();
`;

it.each([
  {
    has: [],
    options: '',
    message: 'the log needs the package pino, which is not installed: npm install pino',
  },
  {
    has: ['pino'],
    options: '',
    message: 'metrics needs the package @prometheus-io/client, which is not installed',
  },
  {
    has: ['pino', '@prometheus-io/client'],
    options: "tracing: { endpoint: 'http://127.0.0.1:9' }",
    message: 'tracing needs the package @opentelemetry/',
  },
  {
    has: ['pino', '@prometheus-io/client'],
    options: "sentry: { dsn: 'http://a@127.0.0.1:9/1' }",
    message: 'sentry needs the package @sentry/node, which is not installed',
  },
])('names the package that is missing: $message', async ({ has, options, message }) => {
  const { said, ended } = start(create(options), appWith(has));
  await ended;
  expect(said.errors).toContain(`createService: ${message}`);
  expect(said.output).not.toContain('created');
});

it('needs no package of what is not asked for', async () => {
  const { said, ended } = start(create(), appWith(['pino', '@prometheus-io/client']));
  await ended;
  expect(said.errors).toBe('');
  expect(said.output).toContain('created');
});

it('has one request context for an ESM and a CJS copy', async () => {
  const { said, ended } = start(
    `import { createRequire } from 'node:module';
     import { withRequestContext } from '@artel/telemetry-service/logging';
     const { currentRequestContext } = createRequire(process.cwd() + '/x.js')('@artel/telemetry-service/logging');
     withRequestContext({ requestId: 'both' }, () => console.log(JSON.stringify(currentRequestContext())));`,
    home,
  );
  await ended;
  expect(said).toEqual({ output: '{"requestId":"both"}\n', errors: '' });
});

it('answers what is under way at SIGTERM, sends its spans and lines, and ends by the signal', async () => {
  const otlp = await createOtlpFake();
  const { child, said, ended } = start(
    `import { createService } from '@artel/telemetry-service';
     import Fastify from 'fastify';
     const service = await createService({ name: 'game-service', version: '1', secret: 'x'.repeat(32), closeTimeout: 600_000 });
     const app = Fastify(service.fastify);
     await app.register(service.plugin);
     app.get('/slow', async () => {
       await new Promise((resolve) => setTimeout(resolve, 500));
       return 'done';
     });
     await app.listen({ port: 0, host: '127.0.0.1' });`,
    home,
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      OTEL_TRACES_SAMPLER_ARG: '1',
    },
  );
  const address = await vi.waitFor(() => {
    const found = /Server listening at (http:\/\/[\d.:]+)/.exec(said.output)?.[1];
    if (!found) throw new Error(`not listening: ${said.output} ${said.errors}`);
    return found;
  });
  const answer = fetch(`${address}/slow`);
  await vi.waitFor(() => expect(said.output).toContain('Request started'));
  child.kill('SIGTERM');
  expect(await (await answer).text()).toBe('done');
  const [, signal] = await ended;
  expect(signal).toBe('SIGTERM');
  expect(said.errors).toBe('');
  expect(said.output).toContain('Request completed');
  expect(otlp.spans.map(({ name }) => name)).toEqual(['GET /slow']);
});
