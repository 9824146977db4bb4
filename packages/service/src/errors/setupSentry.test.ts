import { EventEmitter, once } from 'node:events';
import { createOtlpFake } from '@artel/test-support/fakes/otlp';
import { context, ProxyTracerProvider, trace } from '@opentelemetry/api';
import {
  captureException,
  captureMessage,
  getCurrentScope,
  withIsolationScope,
  withScope,
} from '@sentry/node';
import Fastify from 'fastify';
import { describe, expect, it, vi } from 'vitest';
import { collectLines, leaks, planted } from '../../fixtures/lines';
import { sentryForEachTest } from '../../fixtures/sentry';
import { createLogger } from '../logging/createLogger';
import { withRequestContext } from '../logging/requestContext';
import { requestLogging } from '../logging/requestLogging';
import { httpTracing } from '../tracing/httpTracing';
import { setupTracing } from '../tracing/setupTracing';
import { errorCapture } from './errorCapture';
import { createLogListener } from './logListener';

const { sentry, setUp } = sentryForEachTest();

/** Breadcrumbs and scopes of one test are no other's. */
const alone = (test: () => Promise<void>) => () => withIsolationScope(() => withScope(test));

describe('an event', () => {
  it('tells of the service, the release, the game, the request and the user', async () => {
    const { captureGameError, flush } = setUp();
    withRequestContext({ requestId: 'request-1', userId: '42', sessionId: 's-1' }, () =>
      captureGameError(new RangeError('no such ball'), 's-1', '42', {
        type: 'kolkhoz',
        players_count: 3,
        state: 'playing',
      }),
    );
    expect(await flush()).toBe(true);
    expect(sentry.events).toMatchObject([
      {
        level: 'error',
        release: 'game-service@1.2.3',
        environment: 'test',
        server_name: 'game-service',
        tags: {
          service: 'game-service',
          error_type: 'game_error',
          request_id: 'request-1',
          session_id: 's-1',
        },
        user: { id: '42' },
        contexts: {
          service_info: { name: 'game-service', environment: 'test', version: '1.2.3' },
          game: {
            session_id: 's-1',
            user_id: '42',
            game_type: 'kolkhoz',
            players_count: 3,
            game_state: 'playing',
          },
        },
        exception: { values: [{ type: 'RangeError', value: 'no such ball' }] },
      },
    ]);
    expect(JSON.stringify(sentry.events[0])).toContain('setupSentry.test.ts');
  });

  it(
    'is made of slowness over the threshold and not of what is under it',
    alone(async () => {
      const { capturePerformanceIssue, captureBusinessMetric, flush } = setUp();
      captureBusinessMetric('revenue', 250, { currency: 'RUB' });
      capturePerformanceIssue('load_game', 900, 1_000);
      capturePerformanceIssue('load_game', 1_000, 1_000);
      capturePerformanceIssue('load_game', 1_500, 1_000, { game: 'kolkhoz' });
      await flush();
      expect(sentry.events).toMatchObject([
        {
          level: 'warning',
          message: 'Performance issue: load_game took 1500ms',
          tags: { performance_issue: 'load_game' },
          contexts: {
            performance: { operation: 'load_game', duration_ms: 1_500, threshold_ms: 1_000, game: 'kolkhoz' },
          },
          breadcrumbs: [
            { message: 'Business metric: revenue = 250', category: 'business', data: { currency: 'RUB' } },
          ],
        },
      ]);
    }),
  );

  it(
    'holds no secret, wherever one stands',
    alone(async () => {
      const { captureGameError, captureBusinessMetric, flush } = setUp();
      const text = [planted.botToken, planted.jwt, planted.email, planted.bearer, planted.initData].join(' ');
      captureBusinessMetric(text, 1, { text, password: planted.password });
      const scope = getCurrentScope();
      scope.setUser({ id: 7, email: planted.email, ip_address: planted.address, username: 'Vladislav' });
      scope.setExtra('deep', { deeper: [{ token: planted.password, text }] });
      scope.addEventProcessor((event) => ({
        ...event,
        transaction: `GET /a?${planted.initData}`,
        request: {
          url: `https://x.example/a?password=${planted.password}`,
          query_string: `password=${planted.password}`,
          cookies: { session: planted.password },
          headers: {
            Authorization: planted.bearer,
            Cookie: planted.password,
            'X-Api-Key': planted.password,
            'X-Forwarded-For': planted.address,
            Accept: 'text/html',
          },
          data: {
            password: planted.password,
            secret: planted.password,
            key: planted.password,
            game: 'kolkhoz',
          },
        },
      }));
      captureGameError(new Error(text, { cause: new Error(text) }), text, text, {
        state: { text, token: planted.password },
      });
      captureMessage(text);
      await flush();
      expect(sentry.events).toHaveLength(2);
      expect(leaks(sentry.bodies.join())).toEqual([]);
      expect(sentry.events[0]).toMatchObject({
        request: {
          url: 'https://x.example/a',
          headers: { Authorization: '[Filtered]', 'X-Api-Key': '[Filtered]', Accept: 'text/html' },
          data: { password: '[Filtered]', secret: '[Filtered]', key: '[Filtered]', game: 'kolkhoz' },
        },
        user: { id: '7' },
      });
    }),
  );

  it('is sent once for one error, and again for another like it', async () => {
    const { captureGameError, flush } = setUp();
    const error = new Error('once');
    captureGameError(error, 's', 'u');
    captureGameError(error, 's', 'u');
    captureException(error);
    for (let index = 0; index < 2; index++) captureException(new Error('alike'));
    await flush();
    expect(sentry.events).toHaveLength(3);
  });
});

describe('the log', () => {
  it(
    'leaves breadcrumbs, and events of errors, once',
    alone(async () => {
      const { flush } = setUp();
      const logger = createLogger({
        service: 'game-service',
        destination: collectLines().destination,
        onLine: createLogListener(),
      });
      const error = new Error('lost');
      logger.debug('unheard');
      logger.info({ token: planted.password, table: 5 }, 'Frame began');
      logger.error('an error without an error');
      logger.error({ err: error }, 'Frame lost');
      logger.fatal(error);
      await flush();
      expect(sentry.events).toMatchObject([
        {
          level: 'error',
          exception: { values: [{ value: 'lost' }] },
          breadcrumbs: [
            { message: 'Frame began', level: 'info', data: { table: 5 } },
            { message: 'an error without an error', level: 'error' },
          ],
        },
      ]);
      expect(leaks(sentry.bodies.join())).toEqual([]);
    }),
  );
});

describe('with the tracing room', () => {
  it('bears the same trace, sets up no second tracer, and sends nothing in requests', async () => {
    const otlp = await createOtlpFake();
    const tracing = setupTracing({ service: 'game-service', endpoint: otlp.url, sampleRatio: 1 });
    const delegate = () => {
      const provider = trace.getTracerProvider();
      return provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
    };
    const before = delegate();
    const { flush } = setUp();
    expect(delegate()).toBe(before);

    const output = collectLines();
    const logger = createLogger({
      service: 'game-service',
      destination: output.destination,
      onLine: createLogListener(),
    });
    const app = Fastify();
    await app.register(httpTracing);
    await app.register(errorCapture);
    await app.register(requestLogging, { logger });
    const seen: unknown[] = [];
    app.get('/headers', async (request) => {
      seen.push(request.headers['sentry-trace'], request.headers['baggage'], request.headers['traceparent']);
      return 'ok';
    });
    app.get('/fails', async () => {
      await fetch(`${address}/headers`);
      logger.info('About to fail');
      throw new TypeError('no table');
    });
    app.get('/refuses', async () => {
      throw Object.assign(new Error('not yours'), { statusCode: 403 });
    });
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const [failed] = await Promise.all([fetch(`${address}/fails`), fetch(`${address}/refuses`)]);
    expect(failed.status).toBe(500);
    await app.close();
    await flush();
    await tracing.shutdown();

    expect(seen).toEqual([undefined, undefined, undefined]);
    const span = otlp.spans.find(({ name }) => name === 'GET /fails');
    expect(otlp.spans.map(({ name }) => name).sort()).toEqual(['GET /fails', 'GET /headers', 'GET /refuses']);
    expect(sentry.transactions).toEqual([]);
    expect(sentry.events).toMatchObject([
      {
        exception: { values: [{ type: 'TypeError', value: 'no table', mechanism: { handled: false } }] },
        transaction: 'GET /fails',
        tags: { route: '/fails', request_id: failed.headers.get('x-request-id'), trace_id: span?.traceId },
        contexts: { trace: { trace_id: span?.traceId, span_id: span?.spanId } },
      },
    ]);
    const line = output.lines.find((one) => one['category'] === 'http_error');
    expect(line).toMatchObject({ trace_id: span?.traceId, request_id: failed.headers.get('x-request-id') });
    expect(context.active()).toBeDefined();
  });
});

describe('parallel requests', () => {
  it('keep their breadcrumbs to themselves, and a failure after the client has left is sent too', async () => {
    const { flush, captureBusinessMetric } = setUp();
    const logger = createLogger({
      service: 'game-service',
      destination: collectLines().destination,
      onLine: createLogListener(),
    });
    const app = Fastify();
    await app.register(errorCapture);
    await app.register(requestLogging, { logger });
    const gate = new EventEmitter();
    app.get<{ Params: { id: string } }>('/fails/:id', async ({ params: { id } }) => {
      logger.info({ id }, 'Began');
      await new Promise((resolve) => setTimeout(resolve, 5));
      captureBusinessMetric(`metric of ${id}`, 1);
      throw new Error(`failed ${id}`);
    });
    app.get('/slow', async () => {
      gate.emit('arrived');
      await once(gate, 'leave');
      throw new Error('too late');
    });
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const ids = ['1', '2', '3', '4', '5'];
    await Promise.all(ids.map((id) => fetch(`${address}/fails/${id}`)));
    await flush();
    expect(sentry.events).toHaveLength(5);
    for (const event of sentry.events) {
      const id = /failed (\d)/.exec(JSON.stringify(event['exception']))?.[1];
      expect(event['breadcrumbs']).toMatchObject([
        { message: 'Began', data: { id } },
        { message: `Business metric: metric of ${id} = 1` },
      ]);
      expect(event['request']).toMatchObject({ method: 'GET', url: `/fails/${id}` });
    }
    const left = new AbortController();
    const arrived = once(gate, 'arrived');
    const answer = fetch(`${address}/slow`, { signal: left.signal });
    await arrived;
    left.abort();
    await expect(answer).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 200));
    gate.emit('leave');
    await vi.waitFor(async () => {
      await flush();
      expect(sentry.events).toHaveLength(6);
    });
    expect(JSON.stringify(sentry.events[5])).toContain('too late');
    app.server.closeAllConnections();
    await app.close();
  });
});

describe('settings', () => {
  it.each([
    [{ dsn: 'nonsense-with-a-key' }, 'dsn: expected https://key@host/project, got a text of 19 characters'],
    [{ dsn: 'https://sentry.example/1' }, 'dsn: expected'],
    [{ environment: '' }, 'environment: expected a name'],
    [{ service: '' }, 'service: expected a name'],
    [{ tracesSampleRate: 3 }, 'tracesSampleRate: expected a number from 0 to 1, got 3'],
  ])('%o are refused by name', (settings, message) => {
    expect(() => setUp(settings)).toThrow(message);
  });
});
