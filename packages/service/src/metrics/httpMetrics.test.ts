import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { until } from '@artel/test-support/programs/waitUntil';
import { context, trace } from '@opentelemetry/api';
import Fastify, { type FastifyInstance } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { recordSpans } from '../../fixtures/recordSpans';
import { sampleOf } from '../../fixtures/sampleOf';
import { type AppMetrics, createAppMetrics } from './appMetrics';
import { type HttpMetricsOptions, httpMetrics } from './httpMetrics';

interface Started {
  readonly app: FastifyInstance;
  readonly metrics: AppMetrics;
  readonly port: number;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** How often a request was counted. */
  count(method: string, endpoint: string, status: number): Promise<number | undefined>;
}

async function start(
  routes: (app: FastifyInstance) => void,
  options: Partial<HttpMetricsOptions> = {},
  before?: (app: FastifyInstance) => void,
): Promise<Started> {
  const app = Fastify();
  const metrics = createAppMetrics({ service: 'game', processMetrics: false });
  before?.(app);
  await app.register(httpMetrics, { metrics, ...options });
  routes(app);
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return {
    app,
    metrics,
    port: Number(new URL(address).port),
    get: (path, headers = {}) => fetch(`${address}${path}`, { headers }),
    count: (method, endpoint, status) =>
      sampleOf(
        metrics,
        `http_requests_total{method="${method}",endpoint="${endpoint}",status_code="${status}",service="game"}`,
      ),
  };
}

it('counts and times requests by route template, and shows routes that were not called with 0', async () => {
  const { get, count, metrics } = await start((app) => {
    app.get('/sessions/:id', async () => ({ ok: true }));
    app.post('/sessions', async (_request, reply) => reply.code(201).send({}));
  });
  expect(await count('GET', '/sessions/:id', 200)).toBe(0);
  expect(await count('POST', '/sessions', 500)).toBe(0);
  await Promise.all([1, 2, 3].map(async (id) => (await get(`/sessions/${id}?secret=x`)).text()));
  expect(await count('GET', '/sessions/:id', 200)).toBe(3);
  const labels = '{method="GET",endpoint="/sessions/:id",service="game"}';
  expect(await sampleOf(metrics, `http_request_duration_seconds_count${labels}`)).toBe(3);
  expect(await sampleOf(metrics, `http_request_duration_seconds_sum${labels}`)).toBeGreaterThan(0);
});

it('counts what is not found as unmatched, and what a handler throws by its status', async () => {
  const { app, get, count, metrics } = await start((routes) => {
    routes.get('/thrown', async () => {
      throw new Error('broken');
    });
    routes.get('/refused', async () => {
      throw Object.assign(new Error('no'), { statusCode: 409 });
    });
    routes.get('/parametric/:id', async () => 'never');
    routes.get('/hooked', { onRequest: async () => Promise.reject(new Error('hook')) }, async () => 'never');
  });
  for (const path of ['/a/1', '/a/2', '/thrown', '/refused', '/hooked']) await (await get(path)).text();
  for (const path of ['/a/%zz', `/parametric/${'b'.repeat(300)}`]) await (await get(path)).text();
  await app.inject({ method: 'DELETE', url: '/thrown' });
  expect(await count('GET', 'unmatched', 404)).toBe(2);
  expect(await count('DELETE', 'unmatched', 404)).toBe(1);
  await until(async () => (await count('GET', 'unmatched', 400)) === 1);
  await until(async () => (await count('GET', 'unmatched', 414)) === 1);
  expect(await count('GET', '/thrown', 500)).toBe(1);
  expect(await count('GET', '/refused', 409)).toBe(1);
  expect(await count('GET', '/hooked', 500)).toBe(1);
  expect((await metrics.expose()).body).not.toContain('/a/1');
});

it('counts a request that the client gives up as 499, and an answer that breaks off as 500', async () => {
  let arrived = 0;
  const { port, get, count } = await start((app) => {
    app.get('/slow', async () => {
      arrived++;
      await new Promise(() => {});
    });
    app.get('/torn', async (_request, reply) => {
      const body = Readable.from(
        (async function* () {
          yield 'a'.repeat(1_000);
          throw new Error('torn');
        })(),
      );
      return reply.send(body);
    });
  });
  for (const leave of ['destroy', 'resetAndDestroy'] as const) {
    const before = arrived;
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(() => arrived > before);
    socket[leave]();
  }
  await until(async () => (await count('GET', '/slow', 499)) === 2);
  await get('/torn')
    .then((response) => response.text())
    .catch(() => {});
  await until(async () => (await count('GET', '/torn', 500)) === 1);
});

it('leaves probes and scrapes out, and what else it is told to', async () => {
  const one = await start((app) => void app.get('/health/ready', async () => 'ok'));
  for (const path of ['/metrics', '/health/ready']) await (await one.get(path)).text();
  expect((await one.metrics.expose()).body).not.toContain('http_requests_total{');
  const other = await start((app) => void app.get('/quiet', async () => 'ok'), {
    ignore: ['/quiet'],
    path: '/internal/metrics',
  });
  for (const path of ['/quiet', '/internal/metrics']) await (await other.get(path)).text();
  expect(await other.count('GET', '/quiet', 200)).toBeUndefined();
  expect(await other.count('GET', '/internal/metrics', 200)).toBe(1);
});

it('shows the metrics to whoever has the token, and to anybody where there is none', async () => {
  const open = await start(() => {});
  const page = await open.get('/metrics', { Accept: 'application/openmetrics-text; version=1.0.0' });
  expect(page.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(await page.text()).toMatch(/# EOF\n$/);

  const guarded = await start(() => {}, { token: 'scraper-secret' });
  for (const Authorization of [
    '',
    'Bearer',
    'Bearer wrong',
    'Basic scraper-secret',
    'Bearer scraper-secret2',
  ]) {
    const refused = await guarded.get('/metrics', { Authorization });
    expect(refused.status, Authorization).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect(await refused.text()).not.toContain('memory_usage_bytes');
  }
  const allowed = await guarded.get('/metrics', { Authorization: 'Bearer scraper-secret' });
  expect(allowed.status).toBe(200);
  expect(await allowed.text()).toContain('memory_usage_bytes{service="game"}');
  await expect(start(() => {}, { token: '' })).rejects.toThrow('token: expected a secret');
});

it('gives a request the exemplar of its own span, started by a plugin before it', async () => {
  const spans = recordSpans();
  const { get, metrics } = await start(
    (app) => void app.get('/sessions', async () => 'ok'),
    {},
    (app) => {
      app.addHook('onRequest', (_request, reply, done) => {
        const span = trace.getTracer('test').startSpan('request');
        reply.raw.once('close', () => span.end());
        context.with(trace.setSpan(context.active(), span), done);
      });
    },
  );
  await (await get('/sessions')).text();
  await until(() => spans.ended().length === 1);
  const { traceId } = spans.one('request').spanContext();
  const { body } = await metrics.expose('application/openmetrics-text');
  expect(body).toMatch(new RegExp(`^http_requests_total\\{.*status_code="200".*trace_id="${traceId}"`, 'm'));
  expect(body).toMatch(new RegExp(`^http_request_duration_seconds_bucket\\{.*trace_id="${traceId}"`, 'm'));
});
