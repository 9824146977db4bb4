import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOps } from '@artel/telemetry-ops';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkAlloy } from './testing/alloyComponents';
import { processAlloyLine } from './testing/alloyPipeline';
import { type AlloyBlock, evaluateAlloy, parseAlloy } from './testing/alloySyntax';

const folder = new URL('../../alloy/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.alloy'));
// Alloy reads a folder as one configuration.
const config = files.flatMap((name) => parseAlloy(readFileSync(new URL(name, folder), 'utf8')));

const now = 1_795_603_386_000_000_000n;

function run(pipeline: string, line: string, labels: Readonly<Record<string, string>>, env = {}) {
  const processed = processAlloyLine(config, pipeline, { line, labels, nanos: now }, env);
  if ('dropped' in processed) throw new Error(`dropped: ${processed.dropped}`);
  return processed.entry;
}

function within(block: AlloyBlock, name: string): AlloyBlock[] {
  return block.blocks.flatMap((one) => [...(one.name === name ? [one] : []), ...within(one, name)]);
}

it('is a configuration by the syntax and the components of Alloy', () => {
  expect(files).toContain('config.alloy');
  expect(checkAlloy(config)).toEqual([]);
});

it('is one too with other rates of sampling than those of today', async () => {
  const root = mkdtempSync(join(tmpdir(), 'artel-alloy-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const policies = readFileSync(new URL('../retention/retention-policies.yml', folder), 'utf8');
  const half = policies.replace('sampling_rate: 1.0', 'sampling_rate: 0.5');
  expect(half).not.toBe(policies);
  mkdirSync(join(root, 'retention'));
  const path = join(root, 'retention/retention-policies.yml');
  writeFileSync(path, half);
  const code = await runOps(['retention', 'generate', '--policies', path], { print: () => {} });
  expect(code).toBe(0);
  const traces = readFileSync(join(root, 'alloy/traces.alloy'), 'utf8');
  expect(traces).toContain('sampling_percentage = 50\n');
  const logs = readFileSync(new URL('config.alloy', folder), 'utf8');
  expect(checkAlloy(parseAlloy(`${logs}\n${traces}`))).toEqual([]);
});

it('hands every source on to Loki, and gives up nothing for a day', () => {
  const forwards = config.flatMap(({ name, label, attributes }) => {
    const to = attributes.get('forward_to');
    return to && name !== 'loki.relabel' ? [[`${name}.${label}`, evaluateAlloy(to, {})] as const] : [];
  });
  const next = new Map<string, string>(
    forwards.map(([from, to]) => [from, String(to).replace('.receiver', '')]),
  );
  for (const from of next.keys()) {
    let at = from;
    while (next.has(at)) at = next.get(at) ?? '';
    expect(at, from).toBe('loki.write.loki');
  }
  const write = config.find(({ name }) => name === 'loki.write');
  const [endpoint] = write ? within(write, 'endpoint') : [];
  const [wal] = write ? within(write, 'wal') : [];
  const values = Object.fromEntries(
    [...(endpoint?.attributes ?? []), ...(wal?.attributes ?? [])].map(([name, value]) => [
      name,
      evaluateAlloy(value, { LOKI_URL: 'http://127.0.0.1:3110/loki/api/v1/push' }),
    ]),
  );
  expect(values).toMatchObject({
    url: 'http://127.0.0.1:3110/loki/api/v1/push',
    retry_on_http_429: true,
    max_backoff_period: '1m',
    enabled: true,
    max_segment_age: '24h',
  });
  // As many tries as there are minutes in a day.
  expect(values['max_backoff_retries']).toBeGreaterThanOrEqual(1_440);
});

it('never makes a label of what has many values', () => {
  const labels = config.flatMap((block) =>
    within(block, 'stage.labels').flatMap((stage) => {
      const values = stage.attributes.get('values');
      return values?.kind === 'object' ? [...values.fields.keys()] : [];
    }),
  );
  expect([...new Set(labels)].sort()).toEqual([
    'app',
    'category',
    'environment',
    'hostname',
    'level',
    'namespace',
    'service',
    'service_name',
  ]);
});

it('takes a pod’s line out of the wrapping of its node, and knows the service by the file', () => {
  const filename = `/var/log/containers/game-7d4b-x2_artel-telemetry_game-service-${'0a'.repeat(32)}.log`;
  const line = '{"level":"warn","timestamp":"2026-11-25T10:43:06.756Z","message":"x"}';
  const entry = run('pods', `2026-11-25T10:43:07.000000001Z stdout F ${line}`, {
    job: 'containers',
    environment: 'staging',
    filename,
  });
  expect(entry).toEqual({
    line,
    nanos: 1_795_603_386_756_000_000n,
    labels: {
      job: 'containers',
      environment: 'staging',
      namespace: 'artel-telemetry',
      service: 'game-service',
      service_name: 'game-service',
      level: 'warn',
    },
    metadata: { filename, stream: 'stdout' },
  });
});

it('keeps a line that is no JSON under its source’s labels, at the time at which its node had it', () => {
  const entry = run('pods', '2026-11-25T10:43:07.000000001Z stderr F Segmentation fault', {
    job: 'containers',
    environment: 'production',
  });
  expect(entry).toEqual({
    line: 'Segmentation fault',
    nanos: 1_795_603_387_000_000_001n,
    labels: { job: 'containers', environment: 'production' },
    metadata: { stream: 'stderr' },
  });
});

it.each([
  ['debug', 'production', 'debug_in_production'],
  ['trace', 'production', 'debug_in_production'],
  ['info', 'production', undefined],
  ['debug', 'staging', undefined],
])('%s lines of %s: %s', (level, environment, reason) => {
  const line = JSON.stringify({ level, environment });
  const labels = { job: 'files', environment: 'production' };
  const processed = processAlloyLine(config, 'lines', { line, labels, nanos: now }, {});
  expect('dropped' in processed ? processed.dropped : undefined).toBe(reason);
});

it('reads the time, the host and the program of a line of syslog, of either form', () => {
  const labels = { job: 'syslog', environment: 'production', filename: '/var/log/syslog' };
  const entry = run('syslog', 'Nov  5 10:43:06 db-1 postgres[812]: checkpoint complete', labels);
  expect(entry).toMatchObject({
    nanos: BigInt(Date.parse('2026-11-05T10:43:06Z')) * 1_000_000n,
    labels: { job: 'syslog', environment: 'production', hostname: 'db-1', app: 'postgres' },
    metadata: { pid: '812', filename: '/var/log/syslog' },
    line: 'Nov  5 10:43:06 db-1 postgres[812]: checkpoint complete',
  });
  const newer = run('syslog', '2026-11-25T10:43:06.5+00:00 db-1 kernel: oom', labels);
  expect(newer).toMatchObject({
    nanos: 1_795_603_386_500_000_000n,
    labels: { hostname: 'db-1', app: 'kernel' },
  });
  const odd = run('syslog', 'something else', labels);
  expect(odd).toMatchObject({ nanos: now, line: 'something else', labels: { job: 'syslog' } });
});

describe('the check sees', () => {
  it.each([
    ['loki.proces "x" { forward_to = [] }', 'loki.proces x (line 1): no such component'],
    ['loki.process "x" { }', 'loki.process x (line 1): forward_to is missing'],
    [
      'loki.process "x" { forward_to = [loki.write.y.receiver] }',
      'refers to loki.write.y.receiver, which nothing',
    ],
    ['loki.process "x" {\n forward_to = []\n to = 1\n}', 'loki.process x (line 1): no argument to'],
    ['loki.process "x" {\n forward_to = []\n stage.jsn { }\n}', 'stage.jsn (line 3): no such block'],
  ])('%s', (text, fault) => {
    expect(checkAlloy(parseAlloy(text)).join('\n')).toContain(fault);
  });

  it.each([
    ['loki.write "x" {', 'line 1: expected an identifier, got ""'],
    ['loki.write "x" { a = "\\q" }', 'line 1: "\\q" has an escape that is none'],
    ['a "x" { b = 1\nb = 2 }', 'line 2: b is set twice'],
    ['a "x" { b = [1 2] }', 'line 1: expected , or ], got "2"'],
    ['a "x" { b = 1 c = 2 }', 'line 1: expected the end of the line, got "c"'],
    ['a = 1', 'a: attributes have no place outside of blocks'],
  ])('%j', (text, fault) => {
    expect(() => parseAlloy(text)).toThrow(fault);
  });
});
