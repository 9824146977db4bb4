import { spawnSync } from 'node:child_process';
import { totalmem } from 'node:os';
import { serviceCatalogue } from '@artel/telemetry-protocol';
import { trace } from '@opentelemetry/api';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace';
import { Counter, Registry } from '@prometheus-io/client';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { recordSpans } from '../../fixtures/recordSpans';
import { sampleOf } from '../../fixtures/sampleOf';
import { type AppMetrics, createAppMetrics } from './appMetrics';
import { memoryLimit } from './memoryLimit';

const promtool = process.env['PROMTOOL_PATH'] ?? 'promtool';
const withoutPromtool = spawnSync(promtool, ['--version']).status !== 0 && !process.env['CI'];
const OPEN = 'application/openmetrics-text; version=1.0.0';

const service = 'game-service';
const make = (options: Partial<Parameters<typeof createAppMetrics>[0]> = {}): AppMetrics =>
  createAppMetrics({ service, processMetrics: false, ...options });

function findings(text: string): string[] {
  const { stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
}

/** Gives every instrument a series. */
function touchAll(metrics: AppMetrics): void {
  for (const one of Object.values(metrics)) {
    if (typeof one !== 'object' || one === null) continue;
    if ('observe' in one) one.observe({}, 0.2);
    else if ('watch' in one) one.set({}, 1);
    else if ('inc' in one) one.inc({});
  }
}

describe('the instruments', () => {
  it('are those of the catalogue, each under its name with its labels and buckets', async () => {
    const metrics = make();
    touchAll(metrics);
    const { body } = await metrics.expose();
    for (const { name, kind, labels, buckets = [] } of serviceCatalogue.values()) {
      expect(body).toContain(`# TYPE ${name} ${kind}\n`);
      const lines = body.split('\n').filter((line) => new RegExp(`^${name}(?:_bucket)?\\{`).test(line));
      const shown = [...(lines.at(-1) ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label);
      expect(shown.filter((label) => label !== 'le').sort(), name).toEqual([...labels].sort());
      if (kind !== 'histogram') continue;
      const bounds = lines.map((line) => /le="([^"]+)"/.exec(line)?.[1]);
      expect([...new Set(bounds)], name).toEqual([...buckets.map(String), '+Inf']);
    }
    expect(body.match(/^# TYPE /gm)).toHaveLength(serviceCatalogue.size);
  });

  it.skipIf(withoutPromtool)(
    'pass promtool, but for the names that the seed fixes against its rules',
    async () => {
      const metrics = make({ processMetrics: true, disks: { data: '/' } });
      touchAll(metrics);
      const { body } = await metrics.expose();
      expect(
        findings(body)
          .filter((line) => !/^(?:nodejs|process)_/.test(line))
          .sort(),
      ).toEqual([
        'active_game_sessions_total non-counter metrics should not have "_total" suffix',
        'game_revenue_rubles counter metrics should have "_total" suffix',
        'game_session_duration_minutes use base unit "seconds" instead of "minutes"',
      ]);
    },
  );

  it('take a registry that others use too, and a prefix', async () => {
    const registry = new Registry();
    new Counter({ name: 'own_total', help: 'Own.', registers: [registry] }).inc(3);
    const metrics = make({ registry, prefix: 'artel_' });
    metrics.trackUserAction('create_session');
    expect(await sampleOf(metrics, 'own_total')).toBe(3);
    const series = `artel_user_actions_total{action_type="create_session",service="${service}"}`;
    expect(await sampleOf(metrics, series)).toBe(1);
    expect(await registry.metrics()).toContain(`${series} 1`);
  });

  it('refuse options and amounts that they cannot show, and name them', () => {
    expect(() => make({ service: ' ' })).toThrow('service: expected a name, got " "');
    expect(() => make({ prefix: 'a-' })).toThrow('prefix: expected letters, digits, _ and :, got "a-"');
    const metrics = make();
    expect(() => metrics.gameRevenue.inc({ game_type: 'kolkhoz' }, Number.NaN)).toThrow(
      'game_revenue_rubles: expected a finite amount of 0 or more, got NaN',
    );
    expect(() => metrics.gameSessionDuration.observe({}, Number.POSITIVE_INFINITY)).toThrow(
      'game_session_duration_minutes: expected a finite observation, got Infinity',
    );
  });

  it('count what a game service tells them', async () => {
    const metrics = make();
    metrics.trackBusinessEvent('session_created', 'kolkhoz');
    metrics.trackBusinessEvent('session_created');
    metrics.updateActiveSessions('kolkhoz', 4);
    metrics.gameRevenue.inc({ game_type: 'kolkhoz' }, 350.5);
    metrics.gameSessionDuration.observe({ game_type: 'kolkhoz' }, 12);
    const rest = `service="${service}"}`;
    for (const [series, value] of [
      [`game_events_total{event_type="session_created",game_type="kolkhoz",${rest}`, 1],
      [`game_events_total{event_type="session_created",game_type="unknown",${rest}`, 1],
      [`active_game_sessions_total{game_type="kolkhoz",${rest}`, 4],
      [`game_revenue_rubles{game_type="kolkhoz",${rest}`, 350.5],
      [`game_session_duration_minutes_sum{game_type="kolkhoz",${rest}`, 12],
    ] as const) {
      expect(await sampleOf(metrics, series), series).toBe(value);
    }
  });

  it('read the memory and disks of the process when they are asked for, and Node’s own metrics', async () => {
    const metrics = make({ processMetrics: true, disks: { data: '/', lost: '/no/such/folder' } });
    const used = await sampleOf(metrics, `memory_usage_bytes{service="${service}"}`);
    const limit = await sampleOf(metrics, `memory_limit_bytes{service="${service}"}`);
    expect(used).toBeGreaterThan(10_000_000);
    expect(limit).toBeGreaterThan(used ?? 0);
    const free = await sampleOf(metrics, `disk_free_bytes{disk="data",service="${service}"}`);
    expect(await sampleOf(metrics, `disk_total_bytes{disk="data",service="${service}"}`)).toBeGreaterThan(
      free ?? 0,
    );
    const { body } = await metrics.expose();
    expect(body).not.toContain('disk="lost"');
    expect(body).toContain(`nodejs_eventloop_lag_p99_seconds{service="${service}"}`);
    expect(body).toContain(`process_cpu_seconds_total{service="${service}"}`);
  });

  it('take the limit of the control group, and the machine’s memory where there is none', () => {
    expect(memoryLimit(512, 4_096)).toBe(512);
    for (const none of [undefined, 0, 2 ** 64]) expect(memoryLimit(none, 4_096)).toBe(4_096);
    expect(memoryLimit()).toBeLessThanOrEqual(totalmem());
  });
});

describe('a gauge that is watched', () => {
  it('shows what is read at each scrape, nothing where that fails, and nothing once it is ended', async () => {
    const metrics = make();
    const series = `db_connections_active{database="main",service="${service}"}`;
    let reading: number | Error = 3;
    const end = metrics.dbConnectionsActive.watch({ database: 'main' }, () => {
      if (reading instanceof Error) throw reading;
      return reading;
    });
    expect(await sampleOf(metrics, series)).toBe(3);
    reading = 5;
    expect(await sampleOf(metrics, series)).toBe(5);
    reading = new Error('no pool');
    expect(await sampleOf(metrics, series)).toBeUndefined();
    reading = 7;
    expect(await sampleOf(metrics, series)).toBe(7);
    end();
    expect(await sampleOf(metrics, series)).toBeUndefined();
  });
});

describe('the bounds on series', () => {
  it('count what is over under overflow, and still add to the series that are there', async () => {
    const metrics = make();
    const { maxSeries } = serviceCatalogue.get('user_actions_total') ?? { maxSeries: 0 };
    for (let i = 0; i < maxSeries + 25; i++) metrics.trackUserAction(`action_${i}`);
    metrics.trackUserAction('action_0');
    const { body } = await metrics.expose();
    expect(body.match(/^user_actions_total\{/gm)).toHaveLength(maxSeries + 1);
    expect(await sampleOf(metrics, `user_actions_total{action_type="overflow",service="${service}"}`)).toBe(
      25,
    );
    expect(await sampleOf(metrics, `user_actions_total{action_type="action_0",service="${service}"}`)).toBe(
      2,
    );
  });

  it.skipIf(withoutPromtool)('leave a page that promtool parses, whatever the values are', () => {
    return fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), async (values) => {
        const metrics = make();
        for (const value of values) metrics.trackUserAction(value);
        const { body } = await metrics.expose();
        expect(findings(body)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a tracked function', () => {
  class Refused extends Error {
    readonly statusCode = 404;
  }

  it('keeps its types, this, arguments and results, whether it is synchronous or not', async () => {
    const metrics = make();
    const table = {
      balls: 15,
      left(potted: number): number {
        return this.balls - potted;
      },
      async later(potted: number): Promise<string> {
        return `${this.balls - potted} left`;
      },
    };
    const left = metrics.trackDbQuery('select', 'balls', table.left);
    const later = metrics.trackHttpRequest('get', '/balls/:id', table.later);
    expectTypeOf(left).parameters.toEqualTypeOf<[potted: number]>();
    expectTypeOf(left).returns.toEqualTypeOf<number>();
    expectTypeOf(later).returns.toEqualTypeOf<Promise<string>>();
    expect(left.call(table, 5)).toBe(10);
    expect(await later.call(table, 5)).toBe('10 left');
    const rest = `service="${service}"}`;
    expect(
      await sampleOf(metrics, `db_query_duration_seconds_count{query_type="SELECT",table="balls",${rest}`),
    ).toBe(1);
    const request = `method="GET",endpoint="/balls/:id"`;
    expect(await sampleOf(metrics, `http_requests_total{${request},status_code="200",${rest}`)).toBe(1);
    expect(await sampleOf(metrics, `http_request_duration_seconds_count{${request},${rest}`)).toBe(1);
  });

  it('passes its own errors on, counted by the status that they stand for', async () => {
    const metrics = make();
    const refused = new Refused('no such session');
    const failing = metrics.trackHttpRequest('POST', '/sessions', async () => {
      throw refused;
    });
    const throwing = metrics.trackHttpRequest('PROPFIND', '/sessions', () => {
      throw new Error('broken');
    });
    await expect(failing()).rejects.toBe(refused);
    expect(throwing).toThrow('broken');
    const count = (method: string, status: number) =>
      sampleOf(
        metrics,
        `http_requests_total{method="${method}",endpoint="/sessions",status_code="${status}",service="${service}"}`,
      );
    expect(await count('POST', 404)).toBe(1);
    expect(await count('other', 500)).toBe(1);
  });

  it('times a promise until it settles', async () => {
    const metrics = make();
    const slow = metrics.trackDbQuery(
      'UPDATE',
      'sessions',
      () => new Promise((done) => setTimeout(done, 60)),
    );
    await slow();
    const rest = `query_type="UPDATE",table="sessions",service="${service}"}`;
    expect(await sampleOf(metrics, `db_query_duration_seconds_sum{${rest}`)).toBeGreaterThan(0.05);
  });

  it('leaves a rejection that nobody handles unhandled', async () => {
    const metrics = make();
    const failing = metrics.trackDbQuery('SELECT', 'x', () => Promise.reject(new Error('nobody looks')));
    const seen = new Promise((resolve) => process.once('unhandledRejection', resolve));
    void failing();
    expect(await seen).toMatchObject({ message: 'nobody looks' });
  });
});

describe('exemplars', () => {
  it('name the trace of the active sampled span, in OpenMetrics only', async () => {
    recordSpans();
    const metrics = make();
    const traceId = trace.getTracer('test').startActiveSpan('game', (span) => {
      metrics.trackBusinessEvent('session_created', 'kolkhoz');
      metrics.dbQueryDuration.observe({ query_type: 'SELECT', table: 'x' }, 0.02);
      span.end();
      return span.spanContext().traceId;
    });
    const open = await metrics.expose(OPEN);
    expect(open.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(open.body).toMatch(
      new RegExp(`^game_events_total\\{.*\\} 1 # \\{trace_id="${traceId}"\\} 1 \\d`, 'm'),
    );
    expect(open.body).toMatch(
      new RegExp(
        `^db_query_duration_seconds_bucket\\{le="0.025".*\\} 1 # \\{trace_id="${traceId}"\\} 0.02 \\d`,
        'm',
      ),
    );
    expect(open.body).toMatch(/# EOF\n$/);
    expect((await metrics.expose('text/plain')).body).not.toContain(traceId);
  });

  it('are not given for a span that is not sampled, nor without a span', async () => {
    recordSpans(new AlwaysOffSampler());
    const metrics = make();
    trace.getTracer('test').startActiveSpan('game', (span) => {
      metrics.trackUserAction('a');
      span.end();
    });
    metrics.trackUserAction('b');
    expect((await metrics.expose(OPEN)).body).not.toContain('trace_id');
  });
});

describe('the two formats', () => {
  it('give every sample the same name, however often and in which order they are asked for', async () => {
    const metrics = make({ processMetrics: true });
    touchAll(metrics);
    const names = ({ body }: { body: string }) =>
      [...new Set([...body.matchAll(/^(\w+)[ {]/gm)].map(([, name]) => name))].sort();
    const before = await metrics.expose();
    const open = await metrics.expose(`${OPEN},text/plain;version=0.0.4;q=0.5`);
    const after = await metrics.expose('text/plain;version=0.0.4');
    expect(names(open)).toEqual(names(before));
    expect(names(after)).toEqual(names(before));
    expect(open.body).toContain('# TYPE http_requests counter');
    expect(open.body).toContain('# TYPE game_revenue_rubles unknown');
    expect(open.body).toContain('le="1.0"');
    expect(before.type).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('are chosen by weight', async () => {
    const metrics = make();
    const typeFor = async (accept?: string) => (await metrics.expose(accept)).type.split(';')[0];
    expect(await typeFor()).toBe('text/plain');
    expect(await typeFor('*/*')).toBe('text/plain');
    expect(await typeFor('application/openmetrics-text;q=0.4,text/plain;q=0.5')).toBe('text/plain');
    expect(await typeFor('application/openmetrics-text;version=2.0.0')).toBe('text/plain');
    expect(await typeFor('application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3')).toBe(
      'application/openmetrics-text',
    );
  });
});
