import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { createRequestSlot } from '../requestSlot';
import { extractTraceContext } from './carry';
import { recordError } from './recordError';

/** What {@link httpTracing} is registered with. */
export interface HttpTracingOptions {
  /** Routes that get no span, because machines ask for them all day: the health routes and `/metrics` unless given. */
  readonly quietRoutes?: readonly string[];
}

interface Served {
  readonly span: Span;
  readonly context: Context;
  error?: unknown;
}

const QUIET = ['/health', '/health/live', '/health/ready', '/metrics'];

const served = createRequestSlot<Served>('artel.tracing');

function enter(running: Context, run: () => void): void {
  if (context.active() === running) run();
  else context.with(running, run);
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return (end < 0 ? url : url.slice(0, end)).slice(0, 300);
}

function finish({ span, error }: Served, statusCode: number): void {
  span.setAttribute('http.response.status_code', statusCode);
  if (statusCode >= 500 && error !== undefined) recordError(span, error);
  else if (statusCode >= 500) {
    span.setAttribute('error.type', String(statusCode));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function register(app: FastifyInstance, { quietRoutes = QUIET }: HttpTracingOptions): void {
  const quiet = new Set(quietRoutes);
  served.open(app);

  app.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url;
    if (route !== undefined && quiet.has(route)) return done();
    const { method } = request;
    const parent = extractTraceContext(request.raw.headers);
    const attributes: Attributes = {
      'http.request.method': method,
      'url.path': pathOf(request.url),
      'url.scheme': request.protocol,
      request_id: request.id,
    };
    if (route !== undefined) attributes['http.route'] = route;
    const name = route === undefined ? method : `${method} ${route}`;
    const span = trace
      .getTracer('@artel/telemetry-service')
      .startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    const running = trace.setSpan(parent, span);
    served.set(request, { span, context: running });
    context.with(running, done);
  });

  // The body's stream calls back from the socket, which knows of no span.
  const enterAgain = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    const exchange = served.get(request);
    if (exchange) enter(exchange.context, done);
    else done();
  };
  app.addHook('preValidation', enterAgain);

  app.addHook('onError', (request, _reply, error, done) => {
    const exchange = served.get(request);
    if (!exchange) return done();
    // Whether it is the service's failure or a refusal is known with the status of the answer.
    exchange.error = error;
    enter(exchange.context, done);
  });

  app.addHook('onResponse', (request, reply, done) => {
    const exchange = served.get(request);
    if (!exchange) return done();
    if (exchange.span.isRecording()) finish(exchange, reply.statusCode);
    enter(exchange.context, done);
  });

  app.addHook('onRequestAbort', (request, done) => {
    const exchange = served.get(request);
    if (!exchange?.span.isRecording()) return done();
    exchange.span.setAttribute('error.type', 'ClientAborted');
    exchange.span.end();
    enter(exchange.context, done);
  });
}

const plugin: FastifyPluginAsync<HttpTracingOptions> = async (app, options) => register(app, options);

/**
 * Fastify plugin: each request runs within a server span named by its method and route template, a child of the caller's
 * W3C `traceparent`, with its status, and its error where it failed (5xx). The path is there without its query.
 */
export const httpTracing = fp(plugin, { name: 'artel-http-tracing', fastify: '>=5' });
