import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { createRequestSlot } from '../requestSlot';
import { cutAddress, scrubLine } from '../scrubTree';
import { createAddressHash } from './addressHash';
import { remember } from './remember';
import { type HeldContext, holdRequestContext } from './requestContext';
import { requestIdFrom } from './requestId';
import { quote, textLineWriterOf } from './textLine';

/** What a line tells beside its message. */
export type LineFields = Readonly<Record<string, unknown>>;

/** What is needed of a logger; pino's fits. */
export interface RequestLogger {
  /** Writes a line of level `debug`: a quiet route's. */
  debug(fields: LineFields, message: string): void;
  /** Writes a line of level `info`: a request has started, or is completed. */
  info(fields: LineFields, message: string): void;
  /** Writes a line of level `warn`: the client has left. */
  warn(fields: LineFields, message: string): void;
  /** Writes a line of level `error`: a request has failed. */
  error(fields: LineFields, message: string): void;
}

/** What {@link requestLogging} is registered with. */
export interface RequestLoggingOptions {
  readonly logger: RequestLogger;
  /** Key of the hash of client addresses, 32 bytes or more; without one a random key is used for a day. */
  readonly secret?: string | Uint8Array;
  /** Hashes a client's address in place of the hash under `secret`, so that lines of other rooms tell of it alike. */
  readonly hashAddress?: (address: string) => string;
  /**
   * Routes whose requests are told at `debug` unless they fail, because machines ask for them all day: the health routes
   * and `/metrics` unless given.
   */
  readonly quietRoutes?: readonly string[];
}

interface Exchange {
  readonly context: HeldContext;
  readonly began: number;
  readonly method: string;
  readonly url: string;
  readonly path: string;
  /** Method, template and path as they stand in lines. */
  readonly text: string;
  readonly level: 'debug' | 'info';
  error?: unknown;
  ended: boolean;
}

const REMEMBERED = 2_000;

const QUIET = ['/health', '/health/live', '/health/ready', '/metrics'];

const exchanges = createRequestSlot<Exchange>('artel.logging');

function elapsed({ began }: Exchange): number {
  return Math.round((performance.now() - began) * 100) / 100;
}

function register(app: FastifyInstance, options: RequestLoggingOptions): void {
  const { logger, quietRoutes = QUIET } = options;
  const hash = options.hashAddress
    ? remember(options.hashAddress, REMEMBERED)
    : createAddressHash(options.secret === undefined ? {} : { secret: options.secret });
  const agentText = remember((agent) => `,"user_agent":${quote(scrubLine(agent.slice(0, 300)))}`, REMEMBERED);
  const methodText = remember((method) => `"method":${quote(method)}`, 100);
  const urlText = remember((url) => `,"url":${quote(url)}`, REMEMBERED);
  const write = textLineWriterOf(logger);
  const quiet = new Set(quietRoutes);
  exchanges.open(app);

  app.setGenReqId((raw) => requestIdFrom(raw.headers['x-request-id']));
  // The context puts the request's id on every line, so that a child logger a request would only cost.
  app.setChildLoggerFactory((parent) => parent);

  const fail = (exchange: Exchange, statusCode: number, error: unknown, message: string): void => {
    const { method, url, path } = exchange;
    const fields = { method, url, path, status_code: statusCode, duration_ms: elapsed(exchange) };
    logger.error(
      { ...fields, category: 'http_error', ...(error === undefined ? {} : { err: error }) },
      message,
    );
  };

  app.addHook('onRequest', (request, reply, done) => {
    const context = holdRequestContext({ requestId: request.id });
    const url = request.routeOptions.url ?? 'not_found';
    const { method } = request;
    const path = cutAddress(request.url.slice(0, 300));
    const exchange: Exchange = {
      context,
      began: performance.now(),
      method,
      url,
      path,
      text: `${methodText(method)}${urlText(url)},"path":${quote(path)}`,
      level: quiet.has(url) ? 'debug' : 'info',
      error: undefined,
      ended: false,
    };
    exchanges.set(request, exchange);
    reply.header('x-request-id', request.id);
    context.enter(() => {
      const agent = request.raw.headers['user-agent'];
      const sender = `${agent === undefined ? '' : agentText(agent)},"client_ip":${quote(hash(request.ip))}`;
      write(exchange.level, 'http_request', exchange.text + sender, 'Request started');
      done();
    });
  });

  // The body's stream calls back from the socket, which knows of no request.
  const enterAgain = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    const exchange = exchanges.get(request);
    if (exchange) exchange.context.enter(done);
    else done();
  };
  app.addHook('preValidation', enterAgain);

  app.addHook('onError', (request, reply, error, done) => {
    const exchange = exchanges.get(request);
    if (!exchange) return done();
    exchange.error = error;
    exchange.context.enter(() => {
      if (exchange.ended) fail(exchange, reply.statusCode, error, 'Request failed after the client had left');
      done();
    });
  });

  app.addHook('onResponse', (request, reply, done) => {
    const exchange = exchanges.get(request);
    if (!exchange) return done();
    exchange.context.enter(() => {
      if (!exchange.ended) {
        exchange.ended = true;
        const statusCode = reply.statusCode;
        if (statusCode >= 500) fail(exchange, statusCode, exchange.error, 'Request failed');
        else {
          const outcome = `"status_code":${statusCode},"duration_ms":${elapsed(exchange)}`;
          write(exchange.level, 'http_response', `${exchange.text},${outcome}`, 'Request completed');
        }
      }
      done();
    });
  });

  app.addHook('onRequestAbort', (request, done) => {
    const exchange = exchanges.get(request);
    if (!exchange || exchange.ended) return done();
    exchange.ended = true;
    exchange.context.enter(() => {
      const { method, url, path } = exchange;
      logger.warn(
        {
          method,
          url,
          path,
          // What nginx logs for a client that has left; no answer bears it.
          status_code: 499,
          error: 'the client closed the connection before the answer',
          error_type: 'ClientAborted',
          duration_ms: elapsed(exchange),
          category: 'http_error',
        },
        'Request aborted',
      );
      done();
    });
  });
}

const plugin: FastifyPluginAsync<RequestLoggingOptions> = async (app, options) => register(app, options);

/**
 * Fastify plugin: one line when a request starts and one when it is completed, failed (5xx) or left by its client, in the
 * categories `http_request`, `http_response` and `http_error`; `url` is the route's template. The request runs in a
 * context of its own, whose id is the caller's well-formed `x-request-id` or a new one, and stands in the answer. No line
 * holds a body, a header but the user agent, a query, or a raw address.
 */
export const requestLogging = fp(plugin, { name: 'artel-request-logging', fastify: '>=5' });
