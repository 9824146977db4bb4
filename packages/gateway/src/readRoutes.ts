import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Access, bearerToken, tokenNeeded } from './access';
import type { ExposedFamily } from './exposition';
import type { RateLimits } from './limits/rateLimits';
import type { Live } from './live/createLive';
import type { Grant } from './live/grant';
import { expositionFor } from './openMetrics';

export interface ReadRoutesOptions {
  readonly access: Access;
  readonly rates: Pick<RateLimits, 'token' | 'wrongToken'>;
  readonly live: Pick<Live, 'register'>;
  /** What a reader may see of the series and of the gateway itself. */
  readonly families: (grant: Grant) => Iterable<ExposedFamily>;
  readonly secret: string;
  /** The listener is the operator's own: nobody has to bring a token. */
  readonly isPrivate: boolean;
}

/** Adds `GET /metrics` and `/live`. */
export function registerReadRoutes(app: FastifyInstance, options: ReadRoutesOptions): void {
  const { access, rates, live, families, secret, isPrivate } = options;
  const grantOf = (token: string | undefined): Grant | undefined =>
    isPrivate ? { tenants: 'all' } : access.grant(token);
  /** For a token as somebody types or guesses it: wrong ones are counted, and too many of them are the end of it. */
  const grantOfShown = async ({ ip }: FastifyRequest, token: string): Promise<Grant | undefined> => {
    if (!isPrivate) rates.token(ip);
    const grant = grantOf(token);
    if (grant === undefined) await rates.wrongToken(ip);
    return grant;
  };

  app.get('/metrics', async (request, reply) => {
    const token = bearerToken(request.headers.authorization);
    const grant = token === undefined ? grantOf(token) : await grantOfShown(request, token);
    if (grant === undefined) throw tokenNeeded();
    const { type, body } = expositionFor(request.headers.accept, families(grant));
    return reply.type(type).send(body);
  });
  live.register(app, {
    authorize: (_request, token) => grantOf(token),
    authorizeShown: grantOfShown,
    secret,
  });
}
