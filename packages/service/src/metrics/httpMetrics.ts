import { createHash, timingSafeEqual } from 'node:crypto';
import { type SpanContext, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { createRequestSlot } from '../requestSlot';
import type { AppMetrics } from './appMetrics';
import { boundedMethod } from './boundedValues';

/** What {@link httpMetrics} is registered with. */
export interface HttpMetricsOptions {
  readonly metrics: Pick<AppMetrics, 'httpRequestsTotal' | 'httpRequestDuration' | 'expose'>;
  /** Where the metrics are shown; `/metrics` if left out, nowhere if `false`. */
  readonly path?: string | false;
  /** What a scraper must send as `Authorization: Bearer …`; anybody may read the metrics if left out. */
  readonly token?: string;
  /**
   * Route templates that are not counted: probes and scrapes, which would hide a quiet service's errors among their own
   * successes. The metrics' path and those of the health checks if left out.
   */
  readonly ignore?: readonly string[];
}

const HEALTH = ['/health', '/health/live', '/health/ready'];

/** As nginx says it: the client closed the connection before it had its answer. */
const CLIENT_CLOSED = 499;

/** What is known of a request until it is counted. */
interface Exchange {
  readonly labels: { readonly method: string; readonly endpoint: string };
  isCounted: boolean;
  span: SpanContext | undefined;
}

const exchanges = createRequestSlot<Exchange>('artel.metrics');
/** On Node's own requests: that Fastify has taken them through its hooks. */
const routed = createRequestSlot<true>('artel.metrics.routed');

const activeSpan = (): SpanContext | undefined => trace.getActiveSpan()?.spanContext();

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function checkToken(token: string | undefined): void {
  if (token === '') throw new TypeError('token: expected a secret, or none at all, got an empty text');
}

/** Compared by hashes, so that neither length nor content can be told from the time that it takes. */
function isAllowed(header: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

/** An answer that was cut off: by the client, whose end of the connection closed or broke first, or by the service. */
function statusOfCutOff({ raw }: FastifyRequest): number {
  return raw.socket.readableEnded || raw.socket.errored ? CLIENT_CLOSED : 500;
}

const isWebSocket = (request: FastifyRequest): boolean => 'ws' in request && request.ws === true;

/**
 * A Fastify plugin: counts and times every request by its route template, 404s as `unmatched`, given up ones as 499, and
 * shows the metrics. Register it before the routes, so that each is shown with 0 until it is called: Prometheus cannot
 * see the first error of a series that was not there. Where a plugin starts spans, register that one first, for exemplars.
 */
export const httpMetrics = fastifyPlugin(
  async (app: FastifyInstance, options: HttpMetricsOptions) => {
    const { metrics, path = '/metrics', token } = options;
    checkToken(token);
    const ignored = new Set(options.ignore ?? [...HEALTH, ...(path === false ? [] : [path])]);
    exchanges.open(app);

    const begin = (request: FastifyRequest): Exchange => {
      const { method, is404, routeOptions } = request;
      const { url } = routeOptions;
      const exchange: Exchange = {
        labels: { method: boundedMethod(method), endpoint: is404 ? 'unmatched' : (url ?? 'unmatched') },
        // What is ignored is as good as counted.
        isCounted: ignored.has(url ?? ''),
        span: undefined,
      };
      exchanges.set(request, exchange);
      routed.set(request.raw, true);
      return exchange;
    };
    const exchangeOf = (request: FastifyRequest): Exchange => exchanges.get(request) ?? begin(request);
    const count = (exchange: Exchange, status: number): boolean => {
      if (exchange.isCounted) return false;
      exchange.isCounted = true;
      const { method, endpoint } = exchange.labels;
      metrics.httpRequestsTotal.inc({ method, endpoint, status_code: status }, 1, exchange.span);
      return true;
    };
    const ended = (request: FastifyRequest, reply: FastifyReply, isWhole: boolean): void => {
      const exchange = exchangeOf(request);
      if (exchange.isCounted) return;
      count(exchange, isWhole ? reply.raw.statusCode : statusOfCutOff(request));
      metrics.httpRequestDuration.observe(exchange.labels, reply.elapsedTime / 1_000, exchange.span);
    };

    // Fastify answers a path that it cannot decode, or that is too long, at once and without hooks.
    app.server.on('request', (raw, response) => {
      if (!response.writableEnded || routed.get(raw)) return;
      response.once('close', () => {
        if (routed.get(raw)) return;
        const labels = { method: boundedMethod(raw.method ?? ''), endpoint: 'unmatched' };
        metrics.httpRequestsTotal.inc({ ...labels, status_code: response.statusCode });
      });
    });
    app.addHook('onRoute', ({ method, url }) => {
      if (ignored.has(url)) return;
      for (const one of [method].flat()) {
        if (one === 'HEAD') continue;
        const labels = { method: boundedMethod(one), endpoint: url };
        for (const status of [200, 500]) metrics.httpRequestsTotal.inc({ ...labels, status_code: status }, 0);
        metrics.httpRequestDuration.zero(labels);
      }
    });
    app.addHook('onRequest', (request, reply, done) => {
      const exchange = begin(request);
      exchange.span = activeSpan();
      // What is cut off never has a response for `onResponse`.
      reply.raw.once('close', () => ended(request, reply, reply.raw.writableFinished));
      done();
    });
    app.addHook('preHandler', (request, _reply, done) => {
      const exchange = exchangeOf(request);
      // By now every plugin has had its `onRequest`, one that starts spans too.
      exchange.span ??= activeSpan();
      // A WebSocket is answered when it opens, and its response object closes with the connection.
      if (isWebSocket(request)) count(exchange, 101);
      done();
    });

    app.addHook('onResponse', (request, reply, done) => {
      ended(request, reply, !reply.raw.errored);
      done();
    });

    if (path === false) return;
    app.get(path, { logLevel: 'warn' }, async (request, reply) => {
      if (token !== undefined && !isAllowed(request.headers.authorization, token)) {
        reply.code(401).header('WWW-Authenticate', 'Bearer').type('application/problem+json');
        return {
          type: 'about:blank',
          title: 'Unauthorized',
          status: 401,
          detail: 'Authorization: expected Bearer with the token of the scraper',
        };
      }
      const { type, body } = await metrics.expose(request.headers.accept);
      return reply.header('Content-Type', type).header('Cache-Control', 'no-store').send(body);
    });
  },
  { name: '@artel/telemetry-service/metrics', fastify: '5.x' },
);
