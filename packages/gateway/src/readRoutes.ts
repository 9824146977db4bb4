import type { FastifyInstance } from 'fastify';
import { type Access, bearerToken, tokenNeeded } from './access';
import type { ExposedFamily } from './exposition';
import type { Live } from './live/createLive';
import type { Grant } from './live/grant';
import { expositionFor } from './openMetrics';

export interface ReadRoutesOptions {
  readonly access: Access;
  readonly live: Pick<Live, 'register'>;
  /** What a reader may see of the series and of the gateway itself. */
  readonly families: (grant: Grant) => Iterable<ExposedFamily>;
  readonly secret: string;
  /** The listener is the operator's own: nobody has to bring a token. */
  readonly isPrivate: boolean;
}

/** Adds `GET /metrics` and `/live`. */
export function registerReadRoutes(app: FastifyInstance, options: ReadRoutesOptions): void {
  const { access, live, families, secret, isPrivate } = options;
  const grantOf = (token: string | undefined): Grant | undefined =>
    isPrivate ? { tenants: 'all' } : access.grant(token);

  app.get('/metrics', async (request, reply) => {
    const grant = grantOf(bearerToken(request.headers.authorization));
    if (grant === undefined) throw tokenNeeded();
    const { type, body } = expositionFor(request.headers.accept, families(grant));
    return reply.type(type).send(body);
  });
  live.register(app, { authorize: (_request, token) => grantOf(token), secret });
}
