import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createFakeEnd } from '@artel/test-support/fakes/fakeEnd';
import { freePort } from '@artel/test-support/programs/port';
import { withoutPrometheus } from '@artel/test-support/servers/prometheus';
import { startPrometheusWithPast as startPrometheus } from '@artel/test-support/servers/prometheusPast';
import { describe, expect, it } from 'vitest';
import { policyFile } from '../../../fixtures/policiesText';
import { createProgram } from '../../../fixtures/runProgram';
import { DAY, startOfDay } from '../../duration';
import { downsamplingRules } from '../generate/metricsConfig';
import { readPolicies } from '../readPolicies';

const HOUR = DAY / 24;
const SECONDS_15 = 15_000;

/** The rules of one metric, as the stack has them. */
function rulesOf(name: string): string {
  const { groups } = downsamplingRules(readPolicies(policyFile));
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
    const { makePlan, apply, records, plan } = createProgram({ PROMETHEUS_URL: url });

    const first = await makePlan();
    expect(first.complaint).toBe('');
    expect(first.said).toContain('{__name__="node_load1"}');
    expect(first.said).toContain('241 samples of 1 series');
    expect(first.said).toMatch(
      /http_requests_total \(high_resolution\): downsampled_1m:http_requests_total:increase1m has nothing for 18[01] windows of 1m with raw/,
    );
    expect(first.said).toContain('rules of high_resolution at 1m: expected loaded, found none');
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

    // One evaluation that was missed is enough to refuse, and the plan from before does not hold.
    const missed = (daysAgo(10) + HOUR) / 1_000;
    await fetch(
      `${url}/api/v1/admin/tsdb/delete_series?match[]={__name__=~"downsampled_5m:.*"}&start=${missed}&end=${missed + 299}`,
      { method: 'POST' },
    );
    expect((await apply()).complaint).toMatch(
      /is stale: .*high_resolution has nothing to delete any more, or is refused/,
    );
    expect((await makePlan()).said).toMatch(
      /\(high_resolution\): downsampled_5m:http_requests_total:increase5m has nothing for 1 window of 5m/,
    );
    const accept = ['--accept-gaps', 'http_requests_total'];
    await makePlan(...accept);
    expect((await apply(...accept)).said).toContain('1 done, 0 were done before, 0 failed');
    expect(await count(url, 'http_requests_total')).toBe(241);
    expect(await count(url, 'game_revenue_rubles')).toBe(721);
    expect(await count(url, '{__name__=~"downsampled_1h:http_requests_total:.*"}')).toBe(kept);
    expect(records().map(({ event }) => event)).toContain('tombstones.cleaned');

    const before = readFileSync(plan, 'utf8');
    expect((await apply()).said).toContain('0 done, 1 were done before, 0 failed');
    expect((await makePlan()).said).toContain('Nothing to delete.');
    writeFileSync(plan, before);
    // Not even after blocks were written anew and read again.
    await prometheus.restart();
    expect((await apply()).said).toContain('0 done, 1 were done before');
    expect(await count(url, 'http_requests_total')).toBe(241);
  });

  it('goes on where it was broken off, and refuses a plan that no longer holds', async () => {
    const { url } = await startPrometheus([
      load(40),
      load(1),
      { ...load(100), name: 'service:http_requests:rate5m' },
      { ...load(100), name: 'node_filesystem_avail_bytes' },
    ]);
    let broken = '';
    const proxy = await createFakeEnd(async ({ method, path, query, headers, body }) => {
      if (path.endsWith('/delete_series') && broken !== '' && query.get('match[]')?.includes(broken))
        return { status: 503, body: 'the disk is full' };
      const type = headers['content-type'];
      const response = await fetch(`${url}${path}${query.size > 0 ? `?${query}` : ''}`, {
        method,
        ...(body.length === 0
          ? {}
          : { body: body.toString('utf8'), headers: { 'content-type': type ?? '' } }),
      });
      return { status: response.status, body: response.status === 204 ? '' : await response.text() };
    });
    const { makePlan, apply, records } = createProgram({ PROMETHEUS_URL: proxy.url });

    broken = 'node_load1';
    expect((await makePlan()).said).toMatch(
      /prometheus, recorded\n.*service:http_requests:rate5m[\s\S]*prometheus, infrastructure\n.*node_filesystem_avail_bytes\|node_load1/,
    );
    const first = await apply();
    expect(first.code).toBe(1);
    expect(first.said).toContain('1 done, 0 were done before, 1 failed');
    expect(first.complaint).toMatch(/infrastructure\): prometheus at .*delete_series: 503 the disk is full/);
    expect(await count(url, '{__name__="service:http_requests:rate5m"}')).toBe(0);
    expect(await count(url, 'node_load1')).toBe(482);

    broken = '';
    expect((await apply()).said).toContain('1 done, 1 were done before, 0 failed');
    expect(await count(url, 'node_load1')).toBe(241);
    expect(records().map(({ event }) => event)).toEqual([
      ...['apply.begun', 'delete.begun', 'delete.done', 'delete.begun', 'delete.failed'],
      ...['tombstones.cleaned', 'apply.ended'],
      ...['apply.begun', 'delete.begun', 'delete.done', 'tombstones.cleaned', 'apply.ended'],
    ]);
    expect(records()[1]).toMatchObject({
      actor: 'tester',
      store: 'prometheus',
      policy: 'recorded',
      selector: '{__name__="service:http_requests:rate5m"}',
      count: 241,
    });

    expect((await makePlan()).said).toContain('Nothing to delete.');
  });

  it('refuses a plan that no longer holds, and one that was written in', async () => {
    const server = await startPrometheus([load(40), load(39)]);
    const next = createProgram({ PROMETHEUS_URL: server.url });
    await next.makePlan();
    const made = readFileSync(next.plan, 'utf8');
    writeFileSync(next.plan, made.replace(/(__name__=\\")node_load1/g, '$1up'));
    expect((await next.apply()).complaint).toContain('was changed since it was made');
    writeFileSync(next.plan, made);
    const shorter = join(dirname(next.plan), 'policies.yml');
    writeFileSync(
      shorter,
      readFileSync(policyFile, 'utf8').replace(/(?<before>series: rest\s+retention: )30d/, '$<before>29d'),
    );
    expect((await next.apply('--policies', shorter)).complaint).toContain(
      'is stale: the policies have changed',
    );
    const late = createProgram({ PROMETHEUS_URL: server.url }, () => JSON.parse(made).madeAt + 2 * DAY);
    writeFileSync(late.plan, made);
    expect((await late.apply()).complaint).toMatch(/was made .*, expected one of the last 1d/);
    await fetch(
      `${server.url}/api/v1/admin/tsdb/delete_series?match[]=node_load1&end=${daysAgo(39) / 1_000 - 3600}`,
      { method: 'POST' },
    );
    expect((await next.apply()).complaint).toMatch(
      /is stale: prometheus, infrastructure now has 241 up to .* and not 482/,
    );
    expect(await count(server.url, 'node_load1')).toBe(241);
  });

  it('deletes nothing while a clock is wrong', async () => {
    const { url } = await startPrometheus([load(40)]);
    const ahead = createProgram({ PROMETHEUS_URL: url }, () => Date.now() + 20 * DAY);
    const { code, complaint } = await ahead.makePlan();
    expect(code).toBe(1);
    expect(complaint).toMatch(
      /this machine's clock and that of prometheus differ by 1728\d{3} s; nothing is deleted/,
    );
    const dead = createProgram({ PROMETHEUS_URL: url }, () => 0);
    expect((await dead.makePlan()).complaint).toContain("this machine's clock says 1970-01-01");
    const nobody = createProgram({ PROMETHEUS_URL: `http://127.0.0.1:${await freePort()}` });
    expect((await nobody.makePlan()).complaint).toMatch(
      /prometheus at http:\/\/127.0.0.1:\d+: POST \/api\/v1\/query: .*ECONNREFUSED/,
    );
  });
});

it('deletes nothing where Prometheus has had no sample for a day', async () => {
  const now = Date.now();
  const { url } = await createFakeEnd(({ path }) => {
    if (path === '/metrics')
      return { status: 200, body: `prometheus_tsdb_head_max_time_seconds ${(now - 3 * DAY) / 1_000}\n` };
    const time = { resultType: 'scalar', result: [now / 1_000, String(now / 1_000)] };
    return { status: 200, body: JSON.stringify({ status: 'success', data: time }) };
  });
  const { makePlan } = createProgram({ PROMETHEUS_URL: url });
  expect((await makePlan()).complaint).toMatch(
    /the newest sample of prometheus is of .*: either it has scraped nothing for a day, or the clocks are ahead; nothing is deleted/,
  );
});
