import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DAY, startOfDay } from './duration';
import { downsamplingRules } from './generate/downsamplingRules';
import { readPolicies } from './readPolicies';
import { runRetention } from './runRetention';
import { startPrometheus, withoutPrometheus } from './testing/prometheusServer';

const HOUR = DAY / 24;
const SECONDS_15 = 15_000;
/** The rules of one metric, as the stack has them. */
function rulesOf(name: string): string {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
  const { groups } = downsamplingRules(readPolicies(join(root, 'retention/retention-policies.yml')));
  const own = groups.map((group) => ({
    ...group,
    rules: group.rules.filter(({ expr }) => expr.includes(`${name}[`)),
  }));
  // JSON is YAML.
  return JSON.stringify({ groups: own.filter(({ rules }) => rules.length > 0) });
}

const daysAgo = (days: number): number => startOfDay(Date.now()) - days * DAY + 10 * HOUR;

const requests = (days: number, hours = 3) => ({
  name: 'http_requests_total',
  type: 'counter' as const,
  labels: { instance: 'a:1', job: 'artel-game-service', service: 'game-service', status_code: '200' },
  from: daysAgo(days),
  to: daysAgo(days) + hours * HOUR,
  every: SECONDS_15,
});

const load = (days: number) => ({
  name: 'node_load1',
  labels: { instance: 'a:9100', job: 'node' },
  from: daysAgo(days),
  to: daysAgo(days) + HOUR,
  every: SECONDS_15,
});

function session(url: string, now: () => number = Date.now) {
  const folder = mkdtempSync(join(tmpdir(), 'artel-retention-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const plan = join(folder, 'plan.json');
  const audit = join(folder, 'audit.jsonl');
  const run = async (...args: string[]) => {
    let [said, complaint] = ['', ''];
    const code = await runRetention([...args, '--prometheus', url, '--audit', audit, '--actor', 'tester'], {
      environment: {},
      now,
      print: (text) => {
        said += text;
      },
      complain: (text) => {
        complaint += text;
      },
    });
    return { code, said, complaint };
  };
  return {
    plan,
    audit,
    events: () =>
      readFileSync(audit, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line): Record<string, unknown> => ({ ...JSON.parse(line) })),
    makePlan: (...args: string[]) => run('plan', '--out', plan, ...args),
    apply: (...args: string[]) => run('apply', '--plan', plan, ...args),
  };
}

/** Samples of a selector in all of the past. */
async function count(url: string, selector: string): Promise<number> {
  const query = `sum(count_over_time(${selector}[400d]))`;
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

describe.skipIf(withoutPrometheus)('with a real Prometheus', () => {
  it('refuses raw samples that no level has, deletes them once all have, and nothing twice', async () => {
    const prometheus = await startPrometheus([
      requests(10),
      requests(2, 1),
      load(40),
      load(10),
      { ...requests(10), name: 'game_revenue_rubles' },
    ]);
    const { url } = prometheus;
    const { makePlan, apply, events, plan } = session(url);

    const first = await makePlan();
    expect(first.complaint).toBe('');
    expect(first.said).toContain('{__name__="node_load1"}');
    expect(first.said).toContain('241 samples of 1 series');
    expect(first.said).toMatch(
      /http_requests_total \(high_resolution\): downsampled_1m:http_requests_total:increase1m has nothing for 18[01] windows of 1m with raw/,
    );
    expect(first.said).toContain('high_resolution at 1m: expected recording rules, found none loaded');
    const refusedFrom = /--start (\S+) --end (\S+)/.exec(first.said);
    expect(await count(url, 'node_load1')).toBe(482);

    const applied = await apply();
    expect(applied.complaint).toBe('');
    expect(applied.said).toContain('1 done, 0 were done before, 0 failed');
    expect(await count(url, 'node_load1')).toBe(241);
    expect(await count(url, 'http_requests_total')).toBe(721 + 241);

    // What the refusal said would make it good.
    await prometheus.backfill(rulesOf('http_requests_total'), refusedFrom?.[1] ?? '', refusedFrom?.[2] ?? '');
    const second = await makePlan();
    expect(second.said).not.toContain('Refused');
    expect(second.said).toContain('{__name__="http_requests_total"}');
    expect(second.said).toContain('721 samples of 1 series');
    const kept = await count(url, '{__name__=~"downsampled_1h:http_requests_total:.*"}');
    expect(kept).toBeGreaterThanOrEqual(3);

    expect((await apply()).said).toContain('1 done, 0 were done before, 0 failed');
    expect(await count(url, 'http_requests_total')).toBe(241);
    expect(await count(url, 'game_revenue_rubles')).toBe(721);
    expect(await count(url, '{__name__=~"downsampled_1h:http_requests_total:.*"}')).toBe(kept);
    expect(events().map(({ event }) => event)).toContain('tombstones.cleaned');

    const before = readFileSync(plan, 'utf8');
    expect((await apply()).said).toContain('0 done, 1 were done before, 0 failed');
    expect((await makePlan()).said).toContain('Nothing to delete.');
    writeFileSync(plan, before);
    // Not even after blocks were written anew and read again.
    await prometheus.restart();
    expect((await apply()).said).toContain('0 done, 1 were done before');
    expect(await count(url, 'http_requests_total')).toBe(241);
  });
});
