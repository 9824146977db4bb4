import { createOtlpFake, type OtlpFake } from '@artel/test-support/fakes/otlp';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectLines, leaks, planted } from '../fixtures/lines';
import { createSentryFake } from '../fixtures/sentry';
import { createService, type Service } from './createService';
import type { ServiceOptions } from './serviceOptions';

const secret = 'a secret of thirty-two bytes or more';

let otlp: OtlpFake;
let sentry: Awaited<ReturnType<typeof createSentryFake>>;
let opened: { service?: Service; app?: FastifyInstance } = {};
beforeEach(async () => {
  otlp = await createOtlpFake();
  sentry = await createSentryFake();
});
afterEach(async () => {
  await opened.app?.close();
  await opened.service?.close();
  opened = {};
  await sentry.close();
});

async function setUp(options: Partial<ServiceOptions> = {}) {
  const output = collectLines();
  const service = await createService({
    name: 'game-service',
    version: '1.2.3',
    environment: 'test',
    secret,
    logging: { destination: output.destination },
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      OTEL_TRACES_SAMPLER_ARG: '1',
      SENTRY_DSN: sentry.dsn,
    },
    ...options,
  });
  opened.service = service;
  const app: FastifyInstance = Fastify(service.fastify);
  opened.app = app;
  await app.register(service.plugin);
  app.get('/games/:id', async (request) => {
    request.log.info('Loading');
    return { ok: true };
  });
  app.post('/fails', async () => {
    throw new TypeError(`no table for ${planted.email}`);
  });
  return { service, app, output };
}

describe('a request', () => {
  it('is one trace, one context on its lines, and one count', async () => {
    const { service, app, output } = await setUp();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const answer = await app.inject({
      url: '/games/7?token=abc',
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01`, 'x-request-id': 'request-0001' },
      remoteAddress: planted.address,
    });
    expect(answer.statusCode).toBe(200);
    await service.tracing?.forceFlush();
    const [span] = otlp.spans;
    expect(span).toMatchObject({
      name: 'GET /games/:id',
      traceId,
      attributes: { request_id: 'request-0001' },
      resource: { 'service.name': 'game-service', 'service.version': '1.2.3' },
    });
    const lines = output.lines.filter((line) => line['request_id'] === 'request-0001');
    expect(lines.map((line) => line['message'])).toEqual(['Request started', 'Loading', 'Request completed']);
    for (const line of lines)
      expect(line).toMatchObject({ trace_id: traceId, span_id: span?.spanId, service: 'game-service' });
    const page = await app.inject('/metrics');
    expect(page.body).toMatch(
      /http_requests_total\{[^}]*endpoint="\/games\/:id"[^}]*status_code="200"[^}]*\} 1\n|http_requests_total\{[^}]*status_code="200"[^}]*endpoint="\/games\/:id"[^}]*\} 1\n/,
    );
  });

  it('that fails is one event, one failed line and one failed span, and nothing private is in any', async () => {
    const { service, app, output } = await setUp();
    const answer = await app.inject({
      method: 'POST',
      url: `/fails?initData=${encodeURIComponent(planted.initData)}`,
      headers: { authorization: planted.bearer, cookie: planted.jwt, 'user-agent': planted.email },
      remoteAddress: planted.address,
      payload: planted,
    });
    expect(answer.statusCode).toBe(500);
    await service.tracing?.forceFlush();
    await service.errors.flush();
    const [span] = otlp.spans;
    expect(sentry.events).toMatchObject([
      {
        exception: { values: [{ type: 'TypeError', value: 'no table for [Filtered]' }] },
        tags: {
          service: 'game-service',
          route: '/fails',
          request_id: answer.headers['x-request-id'],
          trace_id: span?.traceId,
        },
        contexts: { trace: { trace_id: span?.traceId } },
      },
    ]);
    expect(span).toMatchObject({ name: 'POST /fails', status: { code: 2 } });
    expect(output.lines.filter((line) => line['level'] === 'error')).toMatchObject([
      { message: 'Request failed', trace_id: span?.traceId, error_type: 'TypeError' },
    ]);
    expect(leaks(output.text + otlp.requests.map(({ body }) => body).join() + sentry.bodies.join())).toEqual(
      [],
    );
  });

  it('bears the same hash of its address in the request line and in the line of a security event', async () => {
    const { app, output } = await setUp();
    await app.inject({
      url: `/games/1?q=${encodeURIComponent("' OR 1=1 UNION SELECT password FROM users --")}`,
      remoteAddress: planted.address,
    });
    const started = output.lines.find((line) => line['message'] === 'Request started');
    const event = output.lines.find((line) => line['category'] === 'security');
    expect(event).toMatchObject({ event_type: 'sql_injection_attempt', service: 'game-service' });
    expect(event?.['address_hash']).toBe(started?.['client_ip']);
    // A name that the logger has taken by itself would stand there twice.
    expect(Object.keys(event ?? {}).filter((key) => key.endsWith('_'))).toEqual([]);
  });
});

describe('health', () => {
  it('is answered, told by a metric, and makes no line or span while it is well', async () => {
    const { service, app, output } = await setUp();
    output.clear();
    let isWell = true;
    service.health.addCheck({
      name: 'table',
      run: async () => {
        if (!isWell) throw new Error(planted.email);
        return undefined;
      },
    });
    expect((await app.inject('/health/ready')).json()).toMatchObject({ status: 'ready' });
    expect(output.lines).toEqual([]);
    isWell = false;
    await vi.waitFor(async () => expect((await app.inject('/health')).statusCode).toBe(503));
    expect(output.lines).toContainEqual(
      expect.objectContaining({ message: 'Request failed', url: '/health' }),
    );
    expect(leaks(output.text)).toEqual([]);
    await service.tracing?.forceFlush();
    expect(otlp.spans).toEqual([]);
  });
});

describe('without an endpoint and a DSN', () => {
  it('a service logs and counts, and its tracer and errors go nowhere', async () => {
    const { service, app, output } = await setUp({ env: {} });
    expect((await app.inject('/games/7')).statusCode).toBe(200);
    expect(service.tracing).toBeUndefined();
    service.tracer.startSpan('nowhere').end();
    service.errors.captureGameError(new Error('nowhere'), 's', 'u');
    service.events.logUserAction('create_session', 'u-1');
    expect(output.last).toMatchObject({ category: 'user_action', action: 'create_session' });
    expect(await service.close()).toBe(true);
    expect(otlp.spans.length + sentry.events.length).toBe(0);
  });

  it('and without a secret it says once that hashes do not last', async () => {
    const output = collectLines();
    opened.service = await createService({
      name: 'game-service',
      version: '1',
      env: {},
      logging: { destination: output.destination },
    });
    expect(output.lines).toMatchObject([
      { level: 'warn', message: expect.stringContaining('No secret is set') },
    ]);
  });
});

describe('closing', () => {
  it('the app sends what waits', async () => {
    const { app } = await setUp({ tracing: { delay: 60_000 } });
    await app.inject('/games/7');
    await app.inject({ method: 'POST', url: '/fails', payload: {} });
    await app.close();
    expect(otlp.spans).toHaveLength(2);
    expect(sentry.events).toHaveLength(1);
  });

  it('ends in its time though an endpoint does not answer', async () => {
    otlp.stall();
    const { service, app } = await setUp({ closeTimeout: 300 });
    await app.inject('/games/7');
    expect(await service.close()).toBe(false);
  });

  it('listens to signals once per app, and no longer after it', async () => {
    const before = process.listenerCount('SIGTERM');
    const { app } = await setUp();
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    await app.close();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});

describe('a setting that is wrong', () => {
  it.each<[Partial<ServiceOptions>, string]>([
    [{ name: '' }, 'name: expected a name such as game-service, got ""'],
    [{ version: '' }, 'version: expected a version such as 1.0.0, got ""'],
    [
      { env: { LOG_LEVEL: 'loud' } },
      'LOG_LEVEL: expected one of trace, debug, info, warn, error, fatal, silent, got "loud"',
    ],
    [{ env: { LOG_FORMAT: 'xml' } }, 'LOG_FORMAT: expected json or pretty, got "xml"'],
    [
      { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'tempo:4318' } },
      'OTEL_EXPORTER_OTLP_ENDPOINT: expected an http or https address, got "tempo:4318"',
    ],
    [
      { env: { OTEL_TRACES_SAMPLER_ARG: '10%' } },
      'OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, got "10%"',
    ],
    [{ tracing: { endpoint: 'x' } }, 'tracing.endpoint: expected an http or https address, got "x"'],
    [
      { env: { SENTRY_DSN: 'https://sentry.example/1' } },
      'SENTRY_DSN: expected https://key@host/project, got a text of 24 characters',
    ],
    [{ secret: 'short' }, 'secret: expected at least 32 bytes, got 5'],
    [{ secret: '', env: { TELEMETRY_SECRET: 'short' } }, 'secret: expected at least 32 bytes, got 0'],
    [{ closeTimeout: 0 }, 'closeTimeout: expected a number of ms, got 0'],
  ])('%o is refused by name', async (options, message) => {
    await expect(setUp(options)).rejects.toThrow(message);
  });
});

it('keeps lines of parallel requests over sockets apart with everything on', async () => {
  const { app, output } = await setUp();
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const ids = Array.from({ length: 20 }, (_, index) => `request-${index + 100}`);
  await Promise.all(ids.map((id) => fetch(`${address}/games/${id}`, { headers: { 'x-request-id': id } })));
  await vi.waitFor(() => {
    for (const id of ids) expect(output.lines.filter((line) => line['request_id'] === id)).toHaveLength(3);
  });
  const traces = ids.map(
    (id) => new Set(output.lines.filter((line) => line['request_id'] === id).map((line) => line['trace_id'])),
  );
  expect(traces.every((set) => set.size === 1)).toBe(true);
  expect(new Set(traces.flatMap((set) => [...set])).size).toBe(20);
});
