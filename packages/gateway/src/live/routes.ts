import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock';
import { HttpProblem, unavailable } from '../problem';
import { createTokenCookie } from './cookie';
import { feedFor, type Grant, isOperatorOf, visibleTo } from './grant';
import { pageFiles } from './pageFiles';
import { pageHeaders } from './pageHeaders';
import type { Viewers } from './viewers';
import type { LiveState } from './wire';

export interface LiveRoutesOptions {
  /**
   * What the reader of `request` may see, `undefined` for nothing. `token` is what it brings, in the cookie of the page's
   * form, or what it has shown before. Asked again while a page stays open.
   */
  readonly authorize: (request: FastifyRequest, token: string | undefined) => Grant | undefined;
  /** The same for a token in `Authorization: Bearer …` or in the form itself; throws the problem of one guess too many. */
  readonly authorizeShown?: (request: FastifyRequest, token: string) => Promise<Grant | undefined>;
  /** Secret that gateways share, for the page's cookie. */
  readonly secret: string;
  readonly clock: Clock;
  readonly tenants: () => readonly string[];
  readonly viewers: Pick<Viewers, 'add' | 'hasRoom'>;
}

const MAX_LOGIN_BYTES = 4_096;

/**
 * Refuses what other sites' pages ask. An origin that may send telemetry is let in by the server's own check and may
 * not read the live page: not with the reader's cookie either, where both are of one site.
 */
function refuseForeign(request: FastifyRequest, reply: FastifyReply): void {
  for (const name of Object.keys(reply.getHeaders())) {
    if (name.startsWith('access-control-')) reply.removeHeader(name);
  }
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isOpened = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
  // Browsers leave the header out towards plain http on another machine; there Origin has to tell.
  const isOwn =
    site === undefined
      ? origin === undefined || origin.replace(/^https?:\/\//, '') === host
      : site === 'same-origin' || site === 'none';
  if (!isOwn && !isOpened) {
    throw new HttpProblem(403, 'Origin: only the live page itself may ask for this.');
  }
}

function bearer({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

function readToken(body: unknown): string {
  try {
    const value: unknown = JSON.parse(String(body));
    if (typeof value === 'object' && value !== null && 'token' in value && typeof value.token === 'string') {
      return value.token;
    }
  } catch {
    // Answered below, with what was expected.
  }
  throw new HttpProblem(400, 'token: expected a JSON body {"token": "…"}');
}

async function sendFile(path: string, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const file = pageFiles.get(path);
  if (!file) throw new HttpProblem(404, 'There is nothing at this path.');
  const { body, encoding } = await file.encoded(request.headers['accept-encoding']);
  const etag = `"${file.etag}${encoding === undefined ? '' : `-${encoding}`}"`;
  void reply.headers({
    ...pageHeaders,
    // Asked for each time, and mostly answered 304: a page of yesterday may not understand today's stream.
    'Cache-Control': 'no-cache',
    ETag: etag,
    Vary: 'Origin, Accept-Encoding',
    ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
  });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type(file.type).send(body);
}

const streamHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // nginx holds a stream back otherwise.
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  Vary: 'Origin',
};

/** Puts `/live`, its files, its sign-in and its stream on `app`. Errors are problems, for `app` to answer. */
export function registerLiveRoutes(app: FastifyInstance, options: LiveRoutesOptions): void {
  const { authorize, secret, clock, tenants, viewers } = options;
  const { authorizeShown = async (request, token) => authorize(request, token) } = options;
  const cookie = createTokenCookie(secret, clock.now);

  const tokenOf = (request: FastifyRequest): string | undefined =>
    bearer(request) ?? cookie.read(request.headers.cookie);

  const grantOf = async (request: FastifyRequest): Promise<Grant> => {
    // A cookie is sealed: nobody guesses by it.
    const shown = bearer(request);
    const grant =
      shown === undefined
        ? authorize(request, cookie.read(request.headers.cookie))
        : await authorizeShown(request, shown);
    if (grant) return grant;
    throw new HttpProblem(
      401,
      'A token that may read is needed: in Authorization, or by the form of /live.',
      {
        headers: { 'WWW-Authenticate': 'Bearer' },
      },
    );
  };

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'string', bodyLimit: MAX_LOGIN_BYTES },
      (_request, body, done) => done(null, body),
    );
    scope.addHook('onRequest', async (request, reply) => refuseForeign(request, reply));

    for (const path of pageFiles.keys()) {
      scope.get(path, async (request, reply) => sendFile(path, request, reply));
    }
    // The page's addresses are relative to `/live`, so that a proxy may put it under any prefix.
    scope.get('/live/', async (_request, reply) => reply.redirect('../live', 308));

    scope.get('/live/state', async (request): Promise<LiveState> => {
      const visible = visibleTo(await grantOf(request), tenants());
      return { ...visible, signedIn: cookie.read(request.headers.cookie) !== undefined };
    });

    scope.post('/live/login', async (request, reply) => {
      const token = readToken(request.body);
      if (token === '' || !(await authorizeShown(request, token))) {
        throw new HttpProblem(401, 'token: this one may not read', {
          headers: { 'WWW-Authenticate': 'Bearer' },
        });
      }
      // The page says by its origin whether it came by https; what a proxy says can be left out or made up.
      const secure = request.headers.origin?.startsWith('https:') ?? false;
      return reply.code(204).header('Set-Cookie', cookie.issue(token, secure)).send();
    });

    scope.post('/live/logout', async (_request, reply) =>
      reply.code(204).header('Set-Cookie', cookie.expired).send(),
    );

    scope.get<{ Querystring: { tenant?: string | string[] } }>(
      '/live/events',
      { exposeHeadRoute: false },
      async (request, reply) => {
        const grant = await grantOf(request);
        const { tenant } = request.query;
        const asked = Array.isArray(tenant) ? tenant[0] : tenant;
        const feed = feedFor(grant, tenants(), asked);
        if (feed === undefined) {
          throw new HttpProblem(
            403,
            `tenant: this token may not read ${JSON.stringify((asked ?? 'any').slice(0, 100))}`,
          );
        }
        if (!viewers.hasRoom()) throw unavailable('As many live pages are open as this gateway takes.', 10);
        reply.hijack();
        const { socket } = request.raw;
        socket.setTimeout(0);
        socket.setNoDelay(true);
        reply.raw.writeHead(200, streamHeaders);
        const token = tokenOf(request);
        const isOperator = isOperatorOf(grant);
        const mayStay = (): boolean => {
          const now = authorize(request, token);
          return (
            now !== undefined && isOperatorOf(now) === isOperator && feedFor(now, tenants(), feed) === feed
          );
        };
        viewers.add({ response: reply.raw, feed, isOperator, mayStay });
        return reply;
      },
    );
  });
}
