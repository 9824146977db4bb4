import { createHmac } from 'node:crypto';
import { equalSecrets } from '@artel/telemetry-service/security';

/** Proof of a sign-in that needs no memory: whose, until when, signed. */
export interface SessionTokens {
  issue(subject: string): { readonly token: string; readonly expiresAt: number };
  /** The subject of a token that is genuine and has not run out. */
  verify(token: string): string | undefined;
}

const LIFE_MS = 3_600_000;
const MAX_LENGTH = 512;

function read(payload: string): { readonly sub: string; readonly exp: number } | undefined {
  const parsed: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  if (typeof parsed !== 'object' || parsed === null || !('sub' in parsed) || !('exp' in parsed))
    return undefined;
  const { sub, exp } = parsed;
  return typeof sub === 'string' && typeof exp === 'number' ? { sub, exp } : undefined;
}

/** Tokens under a key of the bot's token, so that they hold over a restart. `now` is Unix time in ms. */
export function createSessionTokens(botToken: string, now: () => number): SessionTokens {
  const key = createHmac('sha256', botToken).update('artel game-service session token').digest();
  const sign = (payload: string) => createHmac('sha256', key).update(payload).digest('base64url');
  return {
    issue(sub) {
      const expiresAt = now() + LIFE_MS;
      const payload = Buffer.from(JSON.stringify({ sub, exp: expiresAt })).toString('base64url');
      return { token: `${payload}.${sign(payload)}`, expiresAt };
    },
    verify(token) {
      if (token.length > MAX_LENGTH) return undefined;
      const [payload = '', signature = '', ...more] = token.split('.');
      if (more.length > 0 || !equalSecrets(signature, sign(payload))) return undefined;
      const claims = read(payload);
      return claims && claims.exp > now() ? claims.sub : undefined;
    },
  };
}
