import { setTimeout as later } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordSpans } from '../../fixtures/recordSpans';
import { sampleOf } from '../../fixtures/sampleOf';
import { createAppMetrics } from '../metrics';
import type { Finding, HealthCheck } from './healthCheck';
import { HealthMonitor } from './healthMonitor';
import { healthRoutes } from './healthRoutes';

const healthy = (name: string): HealthCheck => ({ name, run: () => undefined });
const found = (name: string, finding: Finding, critical = true): HealthCheck => ({
  name,
  critical,
  run: () => finding,
});
const failing = (name: string, critical = true): HealthCheck => ({
  name,
  critical,
  run: async () => {
    throw new Error('connect ECONNREFUSED 10.0.0.7:5432 password=hunter2');
  },
});

/** A check that counts its runs and goes on when it is told to. */
function held(name: string, timeoutMs = 60_000) {
  let release = (): void => {};
  const state = { runs: 0, aborted: 0, release: () => release() };
  const check: HealthCheck = {
    name,
    timeoutMs,
    run(signal) {
      state.runs++;
      signal.addEventListener('abort', () => state.aborted++);
      return new Promise((resolve) => {
        release = () => resolve(undefined);
      });
    },
  };
  return { check, state };
}

describe('a health monitor', () => {
  it('is as bad as its worst critical check, and degraded by any other', async () => {
    const statusOf = async (...checks: HealthCheck[]) =>
      (await new HealthMonitor({ checks }).runAllChecks()).status;
    expect(await statusOf()).toBe('healthy');
    expect(await statusOf(healthy('a'), healthy('b'))).toBe('healthy');
    expect(await statusOf(healthy('a'), found('b', { status: 'degraded' }))).toBe('degraded');
    expect(await statusOf(found('a', { status: 'degraded' }), failing('b'))).toBe('unhealthy');
    expect(await statusOf(healthy('a'), failing('b', false))).toBe('degraded');
  });

  it('reports what each check found, in their order, and nothing of an error’s text', async () => {
    const details = { active: 3, max: 20 };
    const monitor = new HealthMonitor({
      version: '1.4.2',
      checks: [found('pool', { status: 'degraded', reason: 'full', details })],
    });
    monitor.addCheck(failing('database'));
    const report = await monitor.runAllChecks();
    expect(report).toMatchObject({
      status: 'unhealthy',
      version: '1.4.2',
      checks: [
        { name: 'pool', status: 'degraded', critical: true, reason: 'full', details },
        { name: 'database', status: 'unhealthy', critical: true, reason: 'failed' },
      ],
    });
    expect(report.checks[0]?.durationMs).toBeGreaterThanOrEqual(0);
    expect(Number.isNaN(Date.parse(report.timestamp))).toBe(false);
    expect(JSON.stringify(report)).not.toMatch(/10\.0\.0\.7|hunter2|ECONNREFUSED/);
  });

  it('runs its checks side by side, and each at most once at a time and in the cache’s time', async () => {
    const [one, other] = [held('one'), held('other')];
    const monitor = new HealthMonitor({ checks: [one.check, other.check], cacheMs: 60_000 });
    const reports = [monitor.runAllChecks(), monitor.runAllChecks(), monitor.readiness()];
    expect([one.state.runs, other.state.runs]).toEqual([1, 1]);
    other.state.release();
    one.state.release();
    await Promise.all(reports);
    await monitor.runAllChecks();
    expect([one.state.runs, other.state.runs]).toEqual([1, 1]);
  });

  it('looks again when the cache’s time is over, counted from the end of a check', async () => {
    let now = 0;
    let runs = 0;
    const check: HealthCheck = {
      name: 'slow',
      async run() {
        runs++;
        await later(1);
        now += 80;
        return undefined;
      },
    };
    const monitor = new HealthMonitor({ checks: [check], cacheMs: 60, elapsed: () => now });
    expect((await monitor.runAllChecks()).checks[0]?.durationMs).toBe(80);
    now += 59;
    await monitor.runAllChecks();
    expect(runs).toBe(1);
    now += 1;
    await monitor.runAllChecks();
    expect(runs).toBe(2);
  });

  it('gives a check that hangs its timeout, and does not start it again while it hangs', async () => {
    const hanging = held('hanging', 30);
    const monitor = new HealthMonitor({ checks: [hanging.check, healthy('quick')], cacheMs: 0 });
    const first = await monitor.runAllChecks();
    expect(first.checks).toMatchObject([
      { name: 'hanging', status: 'unhealthy', reason: 'no answer within 30 ms' },
      { name: 'quick', status: 'healthy' },
    ]);
    expect(hanging.state.aborted).toBe(1);
    for (let i = 0; i < 5; i++) await monitor.runAllChecks();
    expect(hanging.state.runs).toBe(1);
    expect((await monitor.readiness()).failed).toEqual(['hanging']);
    hanging.state.release();
    await later(0);
    const healing = monitor.runAllChecks();
    expect(hanging.state.runs).toBe(2);
    hanging.state.release();
    expect((await healing).status).toBe('healthy');
  });

  it('shows each status as a gauge, and logs its changes with the error', async () => {
    const metrics = createAppMetrics({ service: 'game', processMetrics: false });
    const lines: unknown[] = [];
    const log = (level: string) => (fields: object, message: string) =>
      void lines.push({ level, message, ...fields });
    let finding: Finding | Error = { status: 'degraded', reason: 'slow' };
    const check: HealthCheck = {
      name: 'database',
      run() {
        if (finding instanceof Error) throw finding;
        return finding;
      },
    };
    const monitor = new HealthMonitor({
      checks: [check],
      cacheMs: 0,
      metrics,
      logger: { info: log('info'), warn: log('warn') },
    });
    const shown = () => sampleOf(metrics, 'health_check_status{check="database",service="game"}');
    const broken = new Error('ECONNREFUSED');
    const seen: unknown[] = [];
    for (finding of [finding, broken, broken, { status: 'healthy' }] as const) {
      await monitor.runAllChecks();
      seen.push(await shown());
    }
    expect(seen).toEqual([0.5, 0, 0, 1]);
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'health check degraded',
        check: 'database',
        status: 'degraded',
        before: 'healthy',
        reason: 'slow',
      },
      {
        level: 'warn',
        message: 'health check unhealthy',
        check: 'database',
        status: 'unhealthy',
        before: 'degraded',
        reason: 'failed',
        err: broken,
      },
      {
        level: 'info',
        message: 'health check healed',
        check: 'database',
        status: 'healthy',
        before: 'unhealthy',
        reason: undefined,
      },
    ]);
  });

  it('makes no spans of what its checks do', async () => {
    const spans = recordSpans();
    const check: HealthCheck = {
      name: 'database',
      async run() {
        trace.getTracer('test').startSpan('SELECT').end();
        await Promise.resolve();
        trace.getTracer('test').startSpan('PING').end();
        return undefined;
      },
    };
    trace.getTracer('test').startSpan('before').end();
    await new HealthMonitor({ checks: [check] }).runAllChecks();
    expect(spans.ended().map(({ name }) => name)).toEqual(['before']);
  });

  it('says why it has no SLA figures, and asks for them once a minute', async () => {
    let asked = 0;
    const monitor = new HealthMonitor({
      sla: async () => {
        asked++;
        throw new Error('http://prometheus.internal:9090 is away');
      },
    });
    expect(await monitor.runAllChecks()).toMatchObject({
      status: 'healthy',
      sla: null,
      slaProblem: 'Prometheus did not answer the queries',
    });
    expect(JSON.stringify(await monitor.runAllChecks())).not.toContain('internal');
    expect(asked).toBe(1);
  });

  it('refuses checks that it could not tell apart or bound, and names them', () => {
    const monitor = new HealthMonitor({ checks: [healthy('a')] });
    expect(() => monitor.addCheck(healthy('a'))).toThrow('name: there is a check "a" already');
    expect(() => monitor.addCheck(healthy(''))).toThrow('name: expected 1 to 64 letters');
    expect(() => monitor.addCheck({ ...healthy('b'), timeoutMs: 0 })).toThrow(
      'timeoutMs of b: expected a number above 0, got 0',
    );
  });
});

describe('the routes', () => {
  async function start(...checks: HealthCheck[]) {
    const app = Fastify();
    const monitor = new HealthMonitor({ checks, cacheMs: 0 });
    await app.register(healthRoutes, { monitor });
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => app.close());
    const get = async (path: string) => {
      const response = await fetch(`${address}${path}`);
      const body: unknown = await response.json();
      return { status: response.status, body, cache: response.headers.get('cache-control') };
    };
    return { app, monitor, get };
  }

  it('answer 503 for what is unhealthy and critical alone', async () => {
    const broken = await start(healthy('redis'), failing('database'), failing('telegram', false));
    expect(await broken.get('/health')).toMatchObject({
      status: 503,
      body: { status: 'unhealthy' },
      cache: 'no-store',
    });
    expect(await broken.get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'not_ready', failed_checks: ['database'] },
      cache: 'no-store',
    });
    expect(await broken.get('/health/live')).toMatchObject({ status: 200, body: { status: 'alive' } });

    const degraded = await start(found('pool', { status: 'degraded' }), failing('telegram', false));
    expect(await degraded.get('/health')).toMatchObject({ status: 200, body: { status: 'degraded' } });
    expect(await degraded.get('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', degraded_checks: ['telegram'] },
    });
  });

  it('do not wait for a check that is not critical and hangs', async () => {
    // Its own time is longer than the test's.
    const own = { critical: false, timeoutMs: 3_600_000 };
    const hanging = { ...own, name: 'telegram', run: () => new Promise<undefined>(() => {}) };
    const { get } = await start(healthy('database'), hanging);
    expect(await get('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', degraded_checks: ['telegram'] },
    });
  });

  it('are not ready from the moment that the service drains, though it lives and is well', async () => {
    const { monitor, get } = await start(healthy('database'));
    monitor.startDraining();
    expect(await get('/health/ready')).toMatchObject({ status: 503, body: { status: 'draining' } });
    expect(await get('/health/live')).toMatchObject({ status: 200 });
    expect(await get('/health')).toMatchObject({ status: 200, body: { status: 'healthy' } });
  });

  it('drain by themselves when the app begins to close', async () => {
    const { app, monitor } = await start(healthy('database'));
    expect(await monitor.readiness()).toEqual({ ready: true, failed: [], degraded: [], draining: false });
    await app.close();
    expect(await monitor.readiness()).toEqual({ ready: false, failed: [], degraded: [], draining: true });
  });
});
