import { randomUUID } from 'node:crypto';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Clock } from './clock';
import type { GatewayConfig } from './config';
import { boundConnections, connectionOptions, refuseClient } from './connections';
import { judgeOrigin, type OriginRules, originHeaders, preflightHeaders } from './origin';
import { HttpProblem, PROBLEM_TYPE, toProblem, unavailable } from './problem';

export interface AppOptions {
  readonly logger: FastifyBaseLogger;
  readonly config: Pick<GatewayConfig, 'trustProxy' | 'connections'>;
  readonly clock: Pick<Clock, 'elapsed'>;
  /** Whose pages may ask; read anew for each request. */
  readonly originRules: () => OriginRules;
  readonly isClosing: () => boolean;
}

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

function refusedOrigin(): HttpProblem {
  return new HttpProblem(
    403,
    'Origin: pages of this origin may not send here; GATEWAY_ORIGINS, or origins of the tenant, lists those that may',
  );
}

/** Refuses a page that the rules do not let in, and takes back what the answer says for another's. */
export function requireOrigin(request: FastifyRequest, reply: FastifyReply, rules: OriginRules): void {
  const verdict = judgeOrigin(request.headers.origin, request.headers.host, rules);
  const allowed = reply.getHeader('access-control-allow-origin');
  // It has been said before the body was read.
  if (verdict.kind === 'cross' && verdict.origin === allowed) return;
  if (verdict.kind !== 'cross' && allowed !== undefined) {
    for (const name of Object.keys(reply.getHeaders())) {
      if (name.startsWith('access-control-')) reply.removeHeader(name);
    }
  }
  reply.headers(originHeaders(verdict));
  if (verdict.kind === 'refused') throw refusedOrigin();
}

/** Makes a server without routes: what all answers have in common. */
export function createApp({ logger, config, clock, originRules, isClosing }: AppOptions): FastifyInstance {
  const { trustProxy, connections } = config;
  const app = Fastify({
    loggerInstance: logger,
    // A number of proxies, counted from this end.
    trustProxy: typeof trustProxy === 'number' ? (_address, hop) => hop < trustProxy : trustProxy,
    genReqId: () => randomUUID(),
    ...connectionOptions(connections),
    // Fastify's own 503 is no problem document; the hook below answers instead.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    clientErrorHandler: refuseClient,
  });

  boundConnections(app.server, connections, { logger, elapsed: clock.elapsed });

  // Any content type is taken, none and nonsense too, and told by its bytes: a CORS-simple request cannot say JSON.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', (request, reply, done) => {
    if (request.raw.headers['content-type'] !== undefined) {
      request.raw.headers['content-type'] = 'application/octet-stream';
    }
    reply.header('Cache-Control', 'no-store');
    // https://www.rfc-editor.org/rfc/rfc9112#section-3.2
    if (request.raw.headers.host === undefined && request.raw.httpVersion === '1.1') {
      throw new HttpProblem(400, 'Host: is missing, a request of HTTP/1.1 has one');
    }
    requireOrigin(request, reply, originRules());
    if (isClosing()) throw unavailable('The gateway is shutting down.');
    done();
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
