import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from './stack/stack.fixture';

interface Batch {
  readonly logs: readonly { readonly message: string }[];
  readonly spans: readonly { readonly name: string; readonly traceId: string }[];
}

/**
 * A gateway, and a Grafana with three data sources behind it that answer as Prometheus 3.5, Loki 3.5.1 and Tempo 2.8.1 do.
 * `loses` names a store that never shows what was sent.
 */
async function startFakeStack(loses?: 'tempo') {
  let batch: Batch | undefined;
  const logins = new Set<string | undefined>();
  const answers: Readonly<Record<string, () => [status: number, body: string]>> = {
    prometheus: () => {
      const result = batch ? [{ metric: {}, value: [1_796_042_461.082, '3'] }] : [];
      return [200, JSON.stringify({ status: 'success', data: { resultType: 'vector', result } })];
    },
    loki: () => {
      const values = (batch?.logs ?? []).map(({ message }) => [
        '1796042461028876110',
        JSON.stringify({ message }),
      ]);
      const result = [{ stream: { app: 'artel-smoke', level: 'info' }, values }];
      return [200, JSON.stringify({ status: 'success', data: { resultType: 'streams', result } })];
    },
    tempo: () => {
      if (loses === 'tempo') return [404, ''];
      return [200, JSON.stringify({ batches: [{ scopeSpans: [{ spans: batch?.spans }] }] })];
    },
  };
  const server = createServer(async (request, response) => {
    const url = request.url ?? '';
    if (url === '/api/metrics') {
      let body = '';
      for await (const chunk of request) body += chunk;
      batch = JSON.parse(body);
      return response.writeHead(202).end('{"accepted":3,"rejected":[],"duplicate":false}');
    }
    logins.add(request.headers.authorization);
    const uid = /^\/api\/datasources\/proxy\/uid\/(\w+)\//.exec(url)?.[1] ?? '';
    const [status, answer] = answers[uid]?.() ?? [404, '{"message":"Not found"}'];
    return response.writeHead(status).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const folder = mkdtempSync(join(tmpdir(), 'artel-smoke-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'secret\n');
  return { logins, args: ['--gateway', url, '--grafana', url, '--password-file', passwordFile] };
}

it('asks Prometheus, Loki and Tempo through Grafana, as the user that was named', async () => {
  const { args, logins } = await startFakeStack();
  const { code, output } = await runCommand('smoke', args, {});
  expect(output).toMatch(/✓ Prometheus shows it.*\n/);
  expect(output).toMatch(/✓ Loki shows it.*\n/);
  expect(output).toMatch(/✓ Tempo shows it.*\n/);
  expect(code).toBe(0);
  expect([...logins]).toEqual([`Basic ${Buffer.from('admin:secret').toString('base64')}`]);
});

it('fails and names the store that does not show what was sent', async () => {
  const { args } = await startFakeStack('tempo');
  const { code, output } = await runCommand('smoke', [...args, '--timeout', '3'], {});
  expect(output).toMatch(/✗ Tempo: 404.*after 3 s/);
  expect(output).toMatch(/✓ Loki shows it/);
  expect(code).toBe(1);
});

it('names what is missing or wrong', async () => {
  const grafana = ['--grafana', 'http://127.0.0.1:1'];
  expect((await runCommand('smoke', grafana, {})).output).toContain('--password-file: expected the file');
  const wrong = await runCommand('smoke', ['--timeout', 'long'], {});
  expect(wrong).toMatchObject({
    code: 1,
    output: expect.stringContaining('--timeout: expected a number of seconds, got long'),
  });
});
