import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { observabilityFolder, policiesText, policyFile } from '../../../fixtures/policiesText';
import { createProgram, testFolder } from '../../../fixtures/runProgram';
import { parseDuration } from '../../duration';
import { metricClasses } from '../metricClasses';
import { parsePolicies } from '../readPolicies';
import { generatedFiles } from './generatedFiles';

const policies = parsePolicies(policiesText);
const files = generatedFiles(policies);
const promtool = process.env['PROMTOOL_PATH'] ?? 'promtool';
const withoutPromtool = spawnSync(promtool, ['--version']).status !== 0 && !process.env['CI'];

const yaml = (path: string): unknown => parse(files.get(path) ?? '');

it.each([...files.keys()])('%s is checked in as the policies make it', (path) => {
  const at = join(observabilityFolder, path);
  expect(existsSync(at) ? readFileSync(at, 'utf8') : 'not there').toBe(files.get(path));
});

it('says which files are stale once the policies change', async () => {
  const { run } = createProgram();
  const fresh = await run('retention generate', '--check', '--policies', policyFile);
  expect(fresh).toEqual({ code: 0, said: '', complaint: '' });
  const changed = parsePolicies(policiesText.replace('deletion: 2y', 'deletion: 3y'));
  const stale = [...generatedFiles(changed)].filter(([path, text]) => files.get(path) !== text);
  expect(stale.map(([path]) => path)).toEqual(['loki/loki.yaml', 'loki/loki-s3.yaml']);
});

it('writes beside the folder of the policies, and the second time nothing', async () => {
  const folder = testFolder();
  const own = join(folder, 'retention/policies.yml');
  mkdirSync(dirname(own));
  writeFileSync(own, policiesText);
  const { run } = createProgram();
  expect((await run('retention generate', '--check', '--policies', own)).code).toBe(1);
  const { said } = await run('retention generate', '--policies', own);
  expect(said).toBe([...files.keys()].map((path) => `wrote ${path}\n`).join(''));
  for (const [path, text] of files) expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
  expect(await run('retention generate', '--policies', own)).toMatchObject({ said: 'Nothing to write.\n' });
});

it('has Loki keep each stream for its time, with a store for deletions, on files and on S3', () => {
  for (const [path, store] of [
    ['loki/loki.yaml', 'filesystem'],
    ['loki/loki-s3.yaml', 's3'],
  ] as const) {
    expect(yaml(path)).toMatchObject({
      schema_config: { configs: [{ store: 'tsdb', schema: 'v13', object_store: store }] },
      compactor: { retention_enabled: true, delete_request_store: store },
      limits_config: {
        allow_structured_metadata: true,
        deletion_mode: 'filter-and-delete',
        retention_period: '8760h',
        retention_stream: [
          { selector: '{category=~"security"}', priority: 3, period: '61320h' },
          { selector: '{level=~"error|fatal"}', priority: 2, period: '17520h' },
          { selector: '{category=~"http_request|http_response|http_error"}', priority: 1, period: '2160h' },
        ],
      },
    });
  }
});

it('has Tempo keep a tenant for each time, with every limit that Tempo would else take for 0', () => {
  const limits = {
    ingestion: { rate_limit_bytes: 15_000_000, burst_size_bytes: 20_000_000, max_traces_per_user: 10_000 },
    read: { max_bytes_per_tag_values_query: 1_000_000 },
    global: { max_bytes_per_trace: 5_000_000 },
  };
  expect(yaml('tempo/overrides.yaml')).toMatchObject({
    overrides: {
      traces: { ...limits, compaction: { block_retention: '336h' } },
      'error-traces': { ...limits, compaction: { block_retention: '720h' } },
    },
  });
  for (const path of ['tempo/tempo.yaml', 'tempo/tempo-s3.yaml'])
    expect(yaml(path)).toMatchObject({
      multitenancy_enabled: true,
      compactor: { compaction: { block_retention: '336h' } },
      overrides: { per_tenant_override_config: '/etc/tempo/overrides.yaml' },
    });
});

it('sends traces to those tenants, sampled as the policies say', () => {
  const alloy = files.get('alloy/traces.alloy') ?? '';
  expect(alloy).toMatch(/sampling_percentage = 10\n[\s\S]*"X-Scope-OrgID" = "traces"/);
  expect(alloy).toMatch(/status_codes = \["ERROR"\][\s\S]*"X-Scope-OrgID" = "error-traces"/);
  const half = parsePolicies(policiesText.replace('sampling_rate: 1.0', 'sampling_rate: 0.5'));
  expect(generatedFiles(half).get('alloy/traces.alloy')).toMatch(
    /status_codes = \["ERROR"\][\s\S]*sampling_percentage = 50\n/,
  );
});

it('has Prometheus keep everything for as long as the longest', () => {
  const flags = (files.get('prometheus/storage.flags') ?? '').trimEnd().split('\n');
  expect(flags).toEqual(['--storage.tsdb.retention.time=5y', '--web.enable-admin-api']);
});

it('gives each class of series a tenant of Mimir, and each name of a series to one tenant', () => {
  const { overrides } = yaml('mimir/overrides.yaml') as {
    overrides: Record<string, { compactor_blocks_retention_period: string }>;
  };
  const { remote_write } = yaml('mimir/remote-write.yml') as {
    remote_write: { name: string; write_relabel_configs: { regex: string; action: string }[] }[];
  };
  expect(remote_write.map(({ name }) => name)).toEqual(Object.keys(overrides));
  expect(parseDuration(overrides['business-1d']?.compactor_blocks_retention_period ?? '')).toBe(
    5 * 365 * 86_400_000,
  );
  const tenantsOf = (name: string): string[] =>
    remote_write
      .filter(({ write_relabel_configs }) =>
        write_relabel_configs.every(
          ({ regex, action }) => new RegExp(`^(?:${regex})$`).test(name) === (action === 'keep'),
        ),
      )
      .map((one) => one.name);
  expect(tenantsOf('http_requests_total')).toEqual(['high-resolution']);
  expect(tenantsOf('game_revenue_rubles')).toEqual(['business']);
  expect(tenantsOf('downsampled_1d:game_revenue_rubles:increase1d')).toEqual(['business-1d']);
  expect(tenantsOf('app:user_action:increase1d')).toEqual(['recorded-1d']);
  expect(tenantsOf('instance:cpu_busy:ratio_avg5m')).toEqual(['recorded-5m']);
  expect(tenantsOf('service:http_requests:error_ratio_rate1h')).toEqual(['recorded']);
  expect(tenantsOf('service:http_requests:rate5m')).toEqual(['recorded']);
  expect(tenantsOf('node_load1')).toEqual(['infrastructure']);
});

it('keeps the levels of the rules that dashboards read for as long as these promise', () => {
  const rules: unknown = parse(
    readFileSync(join(observabilityFolder, 'prometheus/rules/recording.downsampling.yml'), 'utf8'),
  );
  const { groups } = z
    .object({ groups: z.array(z.object({ rules: z.array(z.object({ record: z.string() })) })) })
    .parse(rules);
  const days: Readonly<Record<string, number>> = { '1m': 30, '5m': 90, '1h': 365, '1d': 5 * 365 };
  const classes = metricClasses(policies);
  for (const { record } of groups.flatMap((group) => group.rules)) {
    const kept = classes.find(({ has }) => has(record))?.retention;
    expect(kept, record).toBe((days[record.slice(-2)] ?? 0) * 86_400_000);
  }
});

describe.skipIf(withoutPromtool)('with promtool', () => {
  it('makes rules that Prometheus takes', () => {
    const { status, stdout } = spawnSync(
      promtool,
      ['check', 'rules', join(observabilityFolder, 'prometheus/rules/downsampling.yml')],
      { encoding: 'utf8' },
    );
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
    expect(status).toBe(0);
  });
});
