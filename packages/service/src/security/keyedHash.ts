import { createHmac, hkdfSync } from 'node:crypto';

/** What a hash is for. A hash made for one purpose cannot be found again by that of another. */
export type HashPurpose = 'address' | 'user' | 'user-agent' | 'store';

/** Makes the keyed hash of a text: `bytes` bytes (8, unless told) as hex. */
export type KeyedHash = (purpose: HashPurpose, text: string, bytes?: number) => string;

const MIN_BYTES = 32;

/**
 * Makes keyed hashes: HMAC-SHA256 under a key that HKDF derives from `secret` for each purpose
 * (https://www.rfc-editor.org/rfc/rfc5869). There are so few addresses that a bare SHA-256 of one is undone by trying all.
 * The same secret gives the same hashes in every process. Throws a `RangeError` for a secret under 32 bytes.
 */
export function createKeyedHash(secret: string | Uint8Array): KeyedHash {
  const bytes = Buffer.from(secret);
  if (bytes.length < MIN_BYTES) {
    throw new RangeError(`secret: expected at least ${MIN_BYTES} bytes, got ${bytes.length}`);
  }
  const derive = (purpose: HashPurpose): Buffer =>
    Buffer.from(hkdfSync('sha256', bytes, '', `artel-telemetry/security/${purpose}`, 32));
  const keys: Readonly<Record<HashPurpose, Buffer>> = {
    address: derive('address'),
    user: derive('user'),
    'user-agent': derive('user-agent'),
    store: derive('store'),
  };
  return (purpose, text, length = 8) =>
    createHmac('sha256', keys[purpose])
      .update(text)
      .digest('hex')
      .slice(0, 2 * length);
}
