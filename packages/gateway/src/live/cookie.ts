import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Hides a reader's token in a cookie and finds it again. */
export interface TokenCookie {
  /** The `Set-Cookie` of a reader who has signed in. `secure` where the page came by https. */
  issue(token: string, secure: boolean): string;
  /** The `Set-Cookie` that ends it. */
  readonly expired: string;
  /** The token that a `Cookie` header holds, unless it is forged, from another gateway's secret, or too old. */
  read(header: string | undefined): string | undefined;
}

const NAME = 'artel_live';
const HOURS = 12;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MAX_LENGTH = 4_096;

/**
 * The token itself is in the cookie, sealed (AES-256-GCM): gateways of one secret share it without a store, a token
 * that is withdrawn is refused at its next use, and what lies on the reader's disk is no token. Without `Path` it goes
 * to `/live` and below only, behind a proxy that puts the gateway under a prefix too.
 */
export function createTokenCookie(secret: string, now: () => number): TokenCookie {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'artel live page cookie', 32));
  const flags = 'HttpOnly; SameSite=Strict';

  const open = (sealed: Buffer): unknown => {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8'));
  };

  return {
    issue(token, secure) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
      const until = now() + HOURS * 3_600_000;
      const text = Buffer.concat([cipher.update(JSON.stringify({ token, until }), 'utf8'), cipher.final()]);
      const sealed = Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
      return `${NAME}=${sealed}; Max-Age=${HOURS * 3_600}; ${flags}${secure ? '; Secure' : ''}`;
    },
    expired: `${NAME}=; Max-Age=0; ${flags}`,
    read(header) {
      if (header === undefined || header.length > MAX_LENGTH) return undefined;
      const pair = header.split(';').find((one) => one.trim().startsWith(`${NAME}=`));
      if (pair === undefined) return undefined;
      try {
        const opened = open(Buffer.from(pair.trim().slice(NAME.length + 1), 'base64url'));
        if (typeof opened !== 'object' || opened === null) return undefined;
        if (!('token' in opened) || typeof opened.token !== 'string') return undefined;
        if (!('until' in opened) || typeof opened.until !== 'number' || opened.until <= now())
          return undefined;
        return opened.token;
      } catch {
        return undefined;
      }
    },
  };
}
