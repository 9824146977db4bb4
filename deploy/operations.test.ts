import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createGateway, readConfig } from '../packages/gateway/dist/index.js';

const document = fileURLToPath(new URL('../docs/operations.md', import.meta.url));
const text = readFileSync(document, 'utf8');
const repository = dirname(dirname(document));

function found(pattern: RegExp): string[] {
  const all = [...new Set([...text.matchAll(pattern)].map(([whole, part]) => part ?? whole))];
  expect(all.length).toBeGreaterThan(0);
  return all;
}

it('tells of metrics that the gateway shows', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'artel-operations-'));
  const file = join(dataDir, 'gateway.yaml');
  // Nothing listens on port 1: what an output says of itself it says of one that is down, too.
  writeFileSync(
    file,
    `port: 0
store: { maxBytes: 1GiB }
telegram: { botId: 1 }
sentryDsns: ['http://key@127.0.0.1:1/1']
outputs: { loki: { kind: loki, url: 'http://127.0.0.1:1' } }
redis: { url: 'redis://127.0.0.1:1' }
`,
  );
  const gateway = createGateway(readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' }, file));
  const address = await gateway.listen();
  // Some are there from the first of their kind on.
  const bodies = {
    metrics: '{"metrics":[{"name":"shots_total"}]}',
    session: '{"initData":"a=b"}',
    sentry: '{}\n',
  };
  for (const [path, body] of Object.entries(bodies)) {
    await fetch(`${address}/api/${path}`, { method: 'POST', body });
  }
  const page = await (await fetch(`${address}/metrics`)).text();
  await gateway.close();
  rmSync(dataDir, { recursive: true });
  const shown = new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  expect(found(/\b(?:artel_gateway|process)_\w+/g).filter((name) => !shown.has(name))).toEqual([]);
  // It waits for Redis before it listens.
});

it('gives commands that artel-gateway has', () => {
  const cli = join(repository, 'packages/gateway/dist/cli.js');
  const help = execFileSync(process.execPath, [cli, '--help'], { encoding: 'utf8' });
  const commands = found(/^artel-gateway ([a-z-]+)/gm);
  expect(commands.filter((command) => !help.includes(`artel-gateway ${command}`))).toEqual([]);
});

it('names files and folders that are there', () => {
  const paths = [
    ...found(/\bdeploy\/[\w./-]+\w/g).map((path) => join(repository, path)),
    ...found(/\]\(([^)#]+)/g).map((path) => join(dirname(document), path)),
  ];
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});
