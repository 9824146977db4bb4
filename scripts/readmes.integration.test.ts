import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { readExample } from '@artel/test-support/programs/readSnippet';
import { startGateway } from '@artel/test-support/servers/demo';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { build } from 'esbuild';
import { expect, it, onTestFinished, vi } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const readme = (name: string) => `${root}packages/${name}/README.md`;

function tempDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'artel-readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs an example that stands in a package's README, as a module that has that package; answers what it printed. */
async function runExample(name: string, code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, loader: 'ts', resolveDir: `${root}packages/${name}` },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const file = join(tempDir(), 'example.mjs');
  writeFileSync(file, outputFiles[0]?.contents ?? '');
  return (await run(process.execPath, [file])).stdout;
}

/** Every `// 'text'` and `// [1, 2]` behind an expression of its own, made a printed pair. */
function withResults(code: string): string {
  return code.replace(
    /^(\w.*); \/\/ (.*)$/gm,
    (_, expression: string, result: string) =>
      `console.log(JSON.stringify([${JSON.stringify(expression)}, ${expression}, ${result}]));`,
  );
}

it('the first example of the protocol answers what it says', async () => {
  const code = withResults(readExample(readme('protocol'), 'ts'));
  const lines = (await runExample('protocol', code)).trim().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(4);
  for (const line of lines) {
    const [expression, answer, said] = JSON.parse(line) as unknown[];
    expect(answer, String(expression)).toEqual(said);
  }
});

it('the first examples of the gateway, in a shell, answer what they say', async () => {
  const { port } = await ofTest(startGateway());
  const text = readExample(readme('gateway'), 'sh\ncurl').replaceAll(':4320', `:${port}`);
  const answers = text.split('\n\n').map((block) => block.trim().split('\n'));
  expect(answers.length).toBe(2);
  for (const [command = '', ...said] of answers) {
    const { stdout } = await run('bash', ['-c', command]);
    for (const line of said) expect(stdout.split('\n')).toContain(line.replace(/^# /, ''));
  }
});

it('the first example of the service toolkit listens, and each request of it is lines and a count', async () => {
  const port = await freePort();
  const code = readExample(readme('service'), 'ts').replace('port: 4330', `port: ${port}`);
  const app = tempDir();
  mkdirSync(join(app, 'node_modules/@artel'), { recursive: true });
  symlinkSync(join(root, 'packages/service'), join(app, 'node_modules/@artel/telemetry-service'));
  symlinkSync(join(root, 'packages/service/node_modules/fastify'), join(app, 'node_modules/fastify'));
  const file = join(app, 'example.mjs');
  writeFileSync(file, code);
  const running = await launch({
    name: 'example',
    command: process.execPath,
    args: [file],
    env: { LOG_LEVEL: 'info', LOG_FORMAT: 'json', OTEL_EXPORTER_OTLP_ENDPOINT: '', SENTRY_DSN: '' },
    ready: /^http:\/\/\S+:\d+$/m,
  });
  onTestFinished(() => running.stop().then(() => undefined));
  const answer = await fetch(`http://127.0.0.1:${port}/games/7/shots`, { method: 'POST' });
  expect(await answer.json()).toEqual({ ok: true });
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(page).toMatch(/^http_requests_total\{.*endpoint="\/games\/:id\/shots".*status_code="200".*\} 1$/m);
  expect(page).toMatch(/^user_actions_total\{action_type="shot".*\} 1$/m);
  // Having closed in order, it leaves the signal to end it.
  expect(await running.stop()).toBe('SIGTERM');
  const id = answer.headers.get('x-request-id');
  const messages = () =>
    running
      .output()
      .split('\n')
      .filter((line) => line.includes(`"request_id":"${id}"`))
      .map((line) => (JSON.parse(line) as { message: string }).message);
  await vi.waitFor(() => expect(messages()).toEqual(['Request started', 'Shot taken', 'Request completed']));
});

it('the gateway’s example within a process listens and answers', async () => {
  const port = await freePort();
  const code = readExample(readme('gateway'), 'ts').replace(
    'process.env',
    `{ GATEWAY_PORT: '${port}', DATA_DIR: ${JSON.stringify(tempDir())}, LOG_LEVEL: 'silent' }`,
  );
  // An app of its own, in which the package is installed.
  const app = tempDir();
  mkdirSync(join(app, 'node_modules/@artel'), { recursive: true });
  symlinkSync(join(root, 'packages/gateway'), join(app, 'node_modules/@artel/telemetry-gateway'));
  const file = join(app, 'example.mjs');
  writeFileSync(file, code);
  const running = await launch({
    name: 'example',
    command: process.execPath,
    args: [file],
    ready: /http:\/\/127\.0\.0\.1:\d+/,
  });
  onTestFinished(() => running.stop().then(() => undefined));
  expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
});
