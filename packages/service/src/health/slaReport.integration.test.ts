import { createServer } from 'node:http';
import { setTimeout as later } from 'node:timers/promises';
import { freePort } from '@artel/test-support/programs/port';
import { until } from '@artel/test-support/programs/waitUntil';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { startPrometheus, withoutPrometheus } from '@artel/test-support/servers/prometheus';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAppMetrics, httpMetrics } from '../metrics';
import { createSlaReport, type SlaReportOptions } from './slaReport';

/** A Prometheus that answers what it is told to, by the start of the query. */
async function fakePrometheus(answer: (query: string) => { status?: number; body?: string; hang?: boolean }) {
  const queries: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += piece;
    });
    request.on('end', () => {
      const query = new URLSearchParams(text).get('query') ?? '';
      queries.push(query);
      const { status = 200, body = '', hang = false } = answer(query);
      if (!hang) response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`, queries };
}

const vector = (...values: string[]): string =>
  JSON.stringify({
    status: 'success',
    data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) },
  });

/** A report out of four values; `undefined` is no series. */
async function reportOf(
  [up, p95, all, failed]: readonly (string | undefined)[],
  options: Partial<SlaReportOptions> = {},
) {
  const { url, queries } = await fakePrometheus((query) => {
    const value = query.startsWith('avg(')
      ? up
      : query.startsWith('histogram')
        ? p95
        : query.includes('5..')
          ? failed
          : all;
    return { body: value === undefined ? vector() : vector(value) };
  });
  return { report: await createSlaReport({ prometheusUrl: url, service: 'game', ...options }), queries };
}

describe('an SLA report', () => {
  it.skipIf(withoutPrometheus)(
    'tells exactly what a real service did, as a real Prometheus has it',
    async () => {
      const metrics = createAppMetrics({ service: 'game', processMetrics: false });
      const app = Fastify({ forceCloseConnections: true });
      await app.register(httpMetrics, { metrics });
      app.get('/sessions/:id', async (request) => {
        const { id } = request.params as { id: string };
        if (Number(id) % 10 === 0) throw new Error('broken');
        if (Number(id) % 10 === 1) await later(120);
        return { id };
      });
      const port = await freePort();
      const address = await app.listen({ port, host: '127.0.0.1' });
      onTestFinished(() => app.close());
      const down = await freePort();
      const { url } = await ofTest(
        startPrometheus({ jobs: { artel: [`127.0.0.1:${port}`, `127.0.0.1:${down}`] } }),
      );
      const values = async (query: string): Promise<number[]> => {
        const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
        const { data }: { data: { result: { value: [number, string] }[] } } = JSON.parse(
          await response.text(),
        );
        return data.result.map(({ value }) => Number(value[1]));
      };
      const report = () =>
        createSlaReport({ prometheusUrl: url, service: 'game', job: 'artel', window: '10m' });

      // Two scrapes of the zeros, so that the rise from them is seen.
      await until(
        async () =>
          Number((await values('count_over_time(http_requests_total{status_code="500"}[10m])'))[0]) >= 2,
      );
      expect(await report()).toMatchObject({
        errorRatePercent: { value: null, reason: 'no requests' },
        responseTimeP95Ms: { value: null, reason: 'no requests' },
        availabilityPercent: { value: 50, met: false },
      });

      await Promise.all(
        Array.from({ length: 40 }, async (_none, id) => (await fetch(`${address}/sessions/${id}`)).text()),
      );
      await until(async () => (await values('sum(http_requests_total)'))[0] === 40);
      await until(async () => (await values('sum(http_request_duration_seconds_count)'))[0] === 40);
      const told = await report();
      expect(told.errorRatePercent).toEqual({ value: 10, target: 1, met: false });
      expect(told.availabilityPercent).toEqual({ value: 50, target: 99.9, met: false });
      // 4 of 40 took 120 ms: the 95th percentile lies within the buckets above 100 ms.
      const p95 = told.responseTimeP95Ms;
      if (p95.value === null) throw new Error(p95.reason);
      expect(p95.value).toBeGreaterThan(100);
      // Up half of the time with one in ten failing: 55 % failed, of 0.1 % that may.
      expect(told.errorBudget).toEqual({ failedPercent: 55, allowedPercent: 0.1, remainingPercent: -54_900 });
      expect(told.breaches).toContain('errorRatePercent');
      expect(told.window).toBe('10m');
    },
  );

  it('meets the seed’s targets or names the ones that it misses', async () => {
    const good = await reportOf(['0.9995', '0.42', '1000', '5']);
    expect(good.report).toMatchObject({
      availabilityPercent: { value: 99.95, target: 99.9, met: true },
      responseTimeP95Ms: { value: 420, target: 500, met: true },
      errorRatePercent: { value: 0.5, target: 1, met: true },
      breaches: [],
      window: '30d',
    });
    const bad = await reportOf(['0.98', '0.6', '1000', '20'], { targets: { errorRatePercent: 3 } });
    expect(bad.report.breaches).toEqual(['availabilityPercent', 'responseTimeP95Ms']);
    expect(bad.report.errorBudget).toEqual({
      failedPercent: 3.96,
      allowedPercent: 0.1,
      remainingPercent: -3_860,
    });
    const full = await reportOf(['1', '0.1', '1000', '0'], { targets: { availabilityPercent: 100 } });
    expect(full.report.errorBudget).toEqual({ failedPercent: 0, allowedPercent: 0, remainingPercent: 100 });
  });

  it('tells what was not measured from what was not asked for', async () => {
    const nothing = await reportOf([undefined, undefined, undefined, undefined]);
    expect(nothing.report).toMatchObject({
      availabilityPercent: { value: null, reason: 'no data' },
      responseTimeP95Ms: { value: null, reason: 'no data' },
      errorRatePercent: { value: null, reason: 'no data' },
      errorBudget: { remainingPercent: null, reason: 'no data' },
      breaches: [],
    });
    const quiet = await reportOf(['1', 'NaN', '0', undefined]);
    expect(quiet.report).toMatchObject({
      availabilityPercent: { value: 100, met: true },
      responseTimeP95Ms: { value: null, reason: 'no requests' },
      errorRatePercent: { value: null, reason: 'no requests' },
      errorBudget: { remainingPercent: 100 },
    });
    // No request has ever failed: there is no such series, and that is a zero.
    const clean = await reportOf(['1', '0.1', '1000', undefined]);
    expect(clean.report.errorRatePercent).toEqual({ value: 0, target: 1, met: true });
  });

  it('says of a percentile above the last bucket that it is at least that', async () => {
    const { report } = await reportOf(['1', '10', '1000', '0'], { targets: { responseTimeP95Ms: 20_000 } });
    expect(report.responseTimeP95Ms).toEqual({ value: 10_000, target: 20_000, met: false, atLeast: true });
  });

  it('asks for the service that it is told, whatever its name is', async () => {
    const { queries } = await reportOf(['1', '1', '1', '1'], {
      service: 'a"}b',
      job: 'j\\',
      window: '1h30m',
      prefix: 'x_',
    });
    expect(queries.sort()).toEqual([
      'avg(avg_over_time(up{job="j\\\\"}[1h30m]))',
      'histogram_quantile(0.95, sum by (le) (increase(x_http_request_duration_seconds_bucket{service="a\\"}b"}[1h30m])))',
      'sum(increase(x_http_requests_total{service="a\\"}b",status_code=~"5.."}[1h30m]))',
      'sum(increase(x_http_requests_total{service="a\\"}b"}[1h30m]))',
    ]);
  });

  it('rejects with the figure and the query where Prometheus does not answer as it should', async () => {
    const problemOf = async (answer: Parameters<typeof fakePrometheus>[0], timeoutMs = 60_000) => {
      const { url } = await fakePrometheus((query) =>
        query.startsWith('avg(') ? answer(query) : { body: vector('1') },
      );
      return createSlaReport({ prometheusUrl: url, service: 'game', timeoutMs }).catch((error: unknown) =>
        String(error),
      );
    };
    const start =
      'PrometheusQueryError: availabilityPercent: Prometheus did not answer avg(avg_over_time(up{job="game"}[30d])): ';
    expect(await problemOf(() => ({ hang: true }), 200)).toBe(`${start}no answer within 200 ms`);
    expect(await problemOf(() => ({ status: 502, body: 'Bad gateway' }))).toBe(
      `${start}status 502 without JSON`,
    );
    const refused = {
      status: 422,
      body: '{"status":"error","errorType":"execution","error":"too many samples"}',
    };
    expect(await problemOf(() => refused)).toBe(`${start}status 422, too many samples`);
    expect(await problemOf(() => ({ body: vector('1', '2') }))).toBe(`${start}expected one series, got 2`);
    const port = await freePort();
    await expect(
      createSlaReport({ prometheusUrl: `http://127.0.0.1:${port}`, service: 'game' }),
    ).rejects.toThrow('ECONNREFUSED');
  });

  it('refuses options that it cannot ask by, and names them', async () => {
    const ask = (options: Partial<SlaReportOptions>) =>
      createSlaReport({ prometheusUrl: 'http://127.0.0.1:9', service: 'game', ...options });
    await expect(ask({ prometheusUrl: 'prometheus:9090' })).rejects.toThrow(
      'prometheusUrl: expected an http or https address',
    );
    await expect(ask({ service: '' })).rejects.toThrow('service: expected a name');
    await expect(ask({ window: '30 days' })).rejects.toThrow(
      'window: expected a duration such as 30d, got "30 days"',
    );
    await expect(ask({ timeoutMs: 0 })).rejects.toThrow('timeoutMs: expected a number above 0, got 0');
    await expect(ask({ targets: { errorRatePercent: Number.NaN } })).rejects.toThrow(
      'targets.errorRatePercent: expected',
    );
  });
});
