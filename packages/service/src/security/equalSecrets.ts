import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const key = randomBytes(32);

/**
 * Tells whether two secrets are the same, in a time that says neither how much of them is the same nor how long the expected
 * one is: what is compared are their hashes under a key that nobody knows.
 */
export function equalSecrets(given: string | Uint8Array, expected: string | Uint8Array): boolean {
  const hash = (secret: string | Uint8Array): Buffer => createHmac('sha256', key).update(secret).digest();
  return timingSafeEqual(hash(given), hash(expected));
}
