import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock';
import { createKeyring, type Keyring } from './keyring';

/** The first secret signs; the others, from before a rotation, are good for what they have signed until it expires. */
export type Secrets = readonly [current: string, ...previous: string[]];

export interface SessionTokensOptions {
  readonly secrets: Secrets;
  readonly clock: Pick<Clock, 'now'>;
}

export interface SessionTokens {
  /** A token of one hour; `expiresAt` is Unix time in ms. */
  issue(tenant: string, subject: string): { readonly token: string; readonly expiresAt: number };
  /** Whose token it is; `undefined` when it is not ours, another tenant's, changed or expired. Never throws. */
  verify(token: string, tenant: string): { readonly subject: string } | undefined;
}

export const TOKEN_SECONDS = 3_600;
const MAX_LENGTH = 1_024;

interface Key {
  /** The whole first part of its tokens. */
  readonly header: string;
  readonly keyring: Keyring;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function keyOf(secret: string): Key {
  const keyring = createKeyring(secret);
  const kid = keyring('key id', '').toString('base64url').slice(0, 8);
  return { keyring, header: encode({ alg: 'HS256', typ: 'JWT', kid }) };
}

interface Claims {
  readonly aud: string;
  readonly sub: string;
  readonly exp: number;
}

function readClaims(payload: string): Claims | undefined {
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  if (typeof claims !== 'object' || claims === null) return undefined;
  if (!('aud' in claims && 'sub' in claims && 'exp' in claims)) return undefined;
  const { aud, sub, exp } = claims;
  if (typeof aud !== 'string' || typeof sub !== 'string' || typeof exp !== 'number') return undefined;
  return { aud, sub, exp };
}

/**
 * Makes and reads session tokens: JWTs (HS256) that name their tenant as audience and hold nothing but the pseudonym,
 * signed with a key of the tenant.
 *
 * Not by a library: every batch is checked, so the check must be quick and synchronous, which `jose`, over Web Crypto, is
 * not; and with one algorithm, a header that is compared whole and no option, little is left to be got wrong. `jose`
 * reads these tokens in the tests. JWTs and not a form of our own, because scrubbers, ours too, know one when they see it.
 */
export function createSessionTokens({ secrets, clock }: SessionTokensOptions): SessionTokens {
  const current = keyOf(secrets[0]);
  const byHeader = new Map(secrets.map(keyOf).map((key) => [key.header, key]));

  const sign = (text: string, { keyring }: Key, tenant: string): string =>
    createHmac('sha256', keyring('session token', tenant)).update(text).digest('base64url');

  return {
    issue(tenant, subject) {
      const issued = Math.floor(clock.now() / 1_000);
      const exp = issued + TOKEN_SECONDS;
      const text = `${current.header}.${encode({ aud: tenant, sub: subject, iat: issued, exp })}`;
      return { token: `${text}.${sign(text, current, tenant)}`, expiresAt: exp * 1_000 };
    },
    verify(token, tenant) {
      if (token.length > MAX_LENGTH) return undefined;
      const [header = '', payload = '', signature = '', ...rest] = token.split('.');
      const key = byHeader.get(header);
      if (key === undefined || rest.length > 0) return undefined;
      // The texts are compared, not the bytes in them: one signature has four spellings in base64url.
      const expected = Buffer.from(sign(`${header}.${payload}`, key, tenant));
      const given = Buffer.from(signature);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const claims = readClaims(payload);
      if (claims === undefined || claims.aud !== tenant || claims.exp * 1_000 <= clock.now())
        return undefined;
      return { subject: claims.sub };
    },
  };
}
