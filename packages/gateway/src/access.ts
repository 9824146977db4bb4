import { createHash, timingSafeEqual } from 'node:crypto';
import type { GatewayConfig } from './config';
import type { Grant } from './live/grant';
import { HttpProblem } from './problem';

/** Says who may read `/metrics` and `/live`. */
export interface Access {
  /** What a reader with `token` may see; `undefined` for nothing. */
  grant(token: string | undefined): Grant | undefined;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * The admin token shows everything, a tenant's `readToken` that tenant. In development, as long as there is no admin
 * token, everything is shown to all. `config` is read anew each time.
 */
export function createAccess(config: () => Pick<GatewayConfig, 'admin' | 'environment' | 'tenants'>): Access {
  return {
    grant(token) {
      const { admin, environment, tenants } = config();
      const isOpen = environment === 'development' && admin.token === undefined;
      if (token === undefined) return isOpen ? { tenants: 'all' } : undefined;
      const given = digest(token);
      // All are compared, each in constant time: how long it takes tells nothing of a token.
      const isGiven = (known: string | undefined): boolean =>
        known !== undefined && timingSafeEqual(given, digest(known));
      const readable = tenants.filter(({ readToken }) => isGiven(readToken)).map(({ id }) => id);
      if (isGiven(admin.token)) return { tenants: 'all' };
      if (readable.length > 0) return { tenants: readable };
      return isOpen ? { tenants: 'all' } : undefined;
    },
  };
}

/** The token of `Authorization: Bearer …`. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

export function tokenNeeded(): HttpProblem {
  return new HttpProblem(
    401,
    'Authorization: expected Bearer with the admin token or the readToken of a tenant',
    { headers: { 'WWW-Authenticate': 'Bearer' } },
  );
}
