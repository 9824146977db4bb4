import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { GatewayConfig } from './config';
import { judgeOrigin, type OriginRules, originHeaders, preflightHeaders } from './origin';
import { HttpProblem, PROBLEM_TYPE, toProblem, unavailable } from './problem';

export interface AppOptions {
  readonly logger: FastifyBaseLogger;
  readonly trustProxy: GatewayConfig['trustProxy'];
  /** Whose pages may ask; read anew for each request. */
  readonly originRules: () => OriginRules;
  readonly isClosing: () => boolean;
}

/** How long a request may take to arrive, in ms. */
const REQUEST_TIMEOUT_MS = 30_000;

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

function refusedOrigin(): HttpProblem {
  return new HttpProblem(
    403,
    'Origin: pages of this origin may not send here; GATEWAY_ORIGINS, or origins of the tenant, lists those that may',
  );
}

/** Refuses a page that the rules do not let in, and takes back what the answer says for another's. */
export function requireOrigin(request: FastifyRequest, reply: FastifyReply, rules: OriginRules): void {
  const verdict = judgeOrigin(request.headers.origin, request.headers.host, rules);
  if (verdict.kind !== 'cross') {
    for (const name of Object.keys(reply.getHeaders())) {
      if (name.startsWith('access-control-')) reply.removeHeader(name);
    }
  }
  reply.headers(originHeaders(verdict));
  if (verdict.kind === 'refused') throw refusedOrigin();
}

/** Makes a server without routes: what all answers have in common. */
export function createApp({ logger, trustProxy, originRules, isClosing }: AppOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    // A number of proxies, counted from this end.
    trustProxy: typeof trustProxy === 'number' ? (_address, hop) => hop < trustProxy : trustProxy,
    genReqId: () => randomUUID(),
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Fastify's own 503 is no problem document; the hook below answers instead.
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
    reply.header('Cache-Control', 'no-store');
    requireOrigin(request, reply, originRules());
    if (isClosing()) throw unavailable('The gateway is shutting down.');
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
