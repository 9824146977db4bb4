import { createHmac, randomBytes } from 'node:crypto';

/** What {@link createAddressHash} is told. */
export interface AddressHashOptions {
  /**
   * Key of the hash, 32 bytes or more: the same address reads the same in every process that has it. Without one a random
   * key is made and changed each `rotation`, so that nobody can tell later whose address a line held.
   */
  readonly secret?: string | Uint8Array;
  /** How long a random key holds, in ms; a day unless given. */
  readonly rotation?: number;
  /** Unix time in ms; `Date.now` unless given. */
  readonly now?: () => number;
}

const DAY = 86_400_000;
const REMEMBERED = 10_000;

/** Checks a secret for keyed hashes; throws with the name of the field. */
function checkSecret(secret: string | Uint8Array, field: string): void {
  const bytes = typeof secret === 'string' ? Buffer.byteLength(secret) : secret.byteLength;
  if (bytes < 32) throw new RangeError(`${field}: expected at least 32 bytes, got ${bytes}`);
}

/** Makes the keyed hash under which lines tell of a client's address: 16 hex digits of HMAC-SHA256. Throws for a short secret. */
export function createAddressHash(options: AddressHashOptions = {}): (address: string) => string {
  const { secret, rotation = DAY, now = Date.now } = options;
  if (secret !== undefined) checkSecret(secret, 'secret');
  let key: string | Uint8Array = secret ?? randomBytes(32);
  let until = secret === undefined ? now() + rotation : Number.POSITIVE_INFINITY;
  const known = new Map<string, string>();

  return (address) => {
    if (now() >= until) {
      key = randomBytes(32);
      until = now() + rotation;
      known.clear();
    }
    const found = known.get(address);
    if (found !== undefined) return found;
    const hash = createHmac('sha256', key).update(address).digest('hex').slice(0, 16);
    if (known.size >= REMEMBERED) known.clear();
    known.set(address, hash);
    return hash;
  };
}
