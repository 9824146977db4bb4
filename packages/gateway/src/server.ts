import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { browserCatalogue, type Catalogue } from '@artel/telemetry-protocol';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { DestinationStream } from 'pino';
import { version } from '../package.json';
import { type Clock, systemClock } from './clock';
import { createCommitter } from './commit';
import type { GatewayConfig } from './config';
import type { ExposedFamily } from './exposition';
import { createHealth } from './health';
import { addressText } from './listening';
import { createLogger } from './logging';
import { expositionFor } from './openMetrics';
import { judgeOrigin, originHeaders, preflightHeaders } from './origin';
import { createOwnMetrics } from './ownMetrics';
import { HttpProblem, PROBLEM_TYPE, toProblem, unavailable } from './problem';
import { createReceiver } from './receive';
import { resolveMetric } from './resolveMetric';
import { createPseudonym, keptSecret } from './secret';
import { createSeriesBook } from './seriesBook';
import { openStore, type Store } from './store';

/** What a test may put in place of the real thing. */
export interface GatewayDeps {
  readonly catalogue?: Catalogue;
  readonly clock?: Clock;
  readonly openStore?: (dataDir: string) => Store;
  /** Where log lines go instead of standard output. */
  readonly logStream?: DestinationStream;
}

/** A gateway whose store is open. */
export interface Gateway {
  /** Starts to answer; resolves with the address, such as `http://127.0.0.1:4320`. */
  listen(): Promise<string>;
  /** Refuses new requests, ends those under way, and closes the store. What was answered 202 is kept. */
  close(): Promise<void>;
  readonly app: FastifyInstance;
}

const SWEEP_MS = 10_000;
/** How long a request may take to arrive, and a closing server waits for those under way, in ms. */
const REQUEST_TIMEOUT_MS = 30_000;
export const CLOSE_TIMEOUT_MS = 10_000;
const REAP_MS = 20;

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error);
  if (!(error instanceof HttpProblem) && problem.status >= 500) {
    request.log.error({ err: error }, 'request failed');
  }
  void reply
    .code(problem.status)
    .headers(problem.headers)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify({ ...problem.details, instance: `urn:uuid:${request.id}` }));
}

/** Answers what Node's parser could not read as a request, which never becomes one of Fastify's. */
function sendClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (socket.destroyed || !socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const { details } = new HttpProblem(status, 'The request could not be read as HTTP/1.1.');
  const body = JSON.stringify(details);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${PROBLEM_TYPE}\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}

function createApp(config: GatewayConfig, logger: FastifyBaseLogger): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    genReqId: () => randomUUID(),
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Fastify's own 503 is no problem document; the hook in `createGateway` answers instead.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    clientErrorHandler: sendClientError,
  });

  // Any content type is taken, none and nonsense too, and told by its bytes: a CORS-simple request cannot say JSON.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', async (request, reply) => {
    if (request.raw.headers['content-type'] !== undefined) {
      request.raw.headers['content-type'] = 'application/octet-stream';
    }
    const verdict = judgeOrigin(request.headers.origin, request.headers.host, {
      origins: config.tenants.flatMap(({ origins }) => origins),
      environment: config.environment,
    });
    reply.headers({ ...originHeaders(verdict), 'Cache-Control': 'no-store' });
    if (verdict.kind === 'refused') {
      throw new HttpProblem(
        403,
        'Origin: pages of this origin may not send here; GATEWAY_ORIGINS lists those that may',
      );
    }
  });

  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allow = (['GET', 'POST'] as const).filter((method) => app.hasRoute({ method, url: path }));
    if (allow.length === 0) throw new HttpProblem(404, 'There is nothing at this path.');
    throw new HttpProblem(405, `${request.method} is not for this path, it takes ${allow.join(', ')}.`, {
      headers: { Allow: allow.join(', ') },
    });
  });
  app.options('*', async (_request, reply) => reply.code(204).headers(preflightHeaders).send());
  return app;
}

/**
 * Makes a gateway: opens the store in `config.dataDir` and reads its series. Throws when the store cannot be opened,
 * is of a newer format, or is open in another process.
 */
export function createGateway(config: GatewayConfig, deps: GatewayDeps = {}): Gateway {
  const { catalogue = browserCatalogue, clock = systemClock } = deps;
  const logger = createLogger(config.logLevel, deps.logStream);
  const pseudonym = createPseudonym(config.secret ?? keptSecret(config.dataDir));
  const store = (deps.openStore ?? openStore)(config.dataDir);
  const book = createSeriesBook(store.readSeries(), catalogue);
  const health = createHealth({ store, clock, version });
  const committer = createCommitter({
    store,
    book,
    clock,
    resolve: (point) =>
      resolveMetric(point, { catalogue, strict: config.tenants.some(({ strict }) => strict) }),
    pseudonym,
    queueLimit: config.queueLimit,
    ledgerDays: config.ledgerDays,
    onCommit: (seconds, queueDropped) => metrics.commit(seconds, queueDropped),
    onFailure: (error) => {
      health.commitFailed();
      logger.error({ err: error }, 'commit failed');
    },
  });
  const metrics = createOwnMetrics({ series: book.size, queueRecords: committer.queueRecords }, clock);
  const receive = createReceiver({ committer, metrics });
  const app = createApp(config, logger);
  let closing: Promise<void> | undefined;

  let underWay = 0;
  // Counted here and not in Fastify's hooks, which run for some refused requests only in part.
  app.server.on('request', (_request, response: ServerResponse) => {
    underWay++;
    response.once('close', () => underWay--);
  });
  app.addHook('onRequest', async () => {
    if (closing) throw unavailable('The gateway is shutting down.');
  });
  app.post('/api/metrics', async (request, reply) => reply.code(202).send(await receive(request.raw)));
  app.post('/api/session', async () => {
    throw new HttpProblem(501, 'Sign-in with Telegram is not built yet.');
  });
  app.get('/live', async () => {
    throw new HttpProblem(501, 'The live page is not built yet.');
  });
  app.get('/metrics', async (request, reply) => {
    const pages = [...book.pages()].map(
      ({ family, series }): ExposedFamily => ({ ...family, series: series.values() }),
    );
    const { type, body } = expositionFor(request.headers.accept, [...pages, ...metrics.families()]);
    return reply.type(type).header('Vary', 'Accept').send(body);
  });
  app.get('/health', async (_request, reply) => {
    const report = await health.report();
    return reply.code(report.status === 'ok' ? 200 : 503).send(report);
  });
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async () => {
    const { status, checks } = await health.report();
    if (status === 'ok') return { status };
    const failed = Object.entries(checks).flatMap(([name, { detail }]) =>
      detail ? [`${name}: ${detail}`] : [],
    );
    throw unavailable(failed.join('; '));
  });

  const sweeper = setInterval(() => {
    committer.sweep().catch((error: unknown) => logger.error({ err: error }, 'ledger sweep failed'));
  }, SWEEP_MS);
  sweeper.unref();

  const close = async (): Promise<void> => {
    health.shuttingDown();
    clearInterval(sweeper);
    const deadline = clock.elapsed() + CLOSE_TIMEOUT_MS;
    // Node ends idle connections once, as it begins to close: not those whose answer comes later, and not those that a
    // browser has opened ahead and never used.
    const reaper = setInterval(() => {
      if (underWay === 0 || clock.elapsed() > deadline) app.server.closeAllConnections();
      else app.server.closeIdleConnections();
    }, REAP_MS);
    try {
      await app.close();
      await committer.idle();
    } finally {
      clearInterval(reaper);
      await store.close();
    }
  };

  return {
    app,
    async listen() {
      await app.listen({ host: config.host, port: config.port });
      const bound = app.server.address();
      return addressText(config.host, typeof bound === 'object' && bound ? bound.port : config.port);
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
