import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** What is limited, from the narrowest on. */
export const scopes = ['address', 'token', 'producer', 'anonymous', 'key'] as const;
export type Scope = (typeof scopes)[number];

/** `points` for each key within `seconds`, beginning with the key's first; a point is a request. */
export interface LimiterSpec {
  readonly scope: Scope;
  readonly points: number;
  readonly seconds: number;
}

type Taken = { readonly ok: true } | { readonly ok: false; readonly waitMs: number };

export interface Limiter {
  /** Takes a point of the key's, if there is one left. Rejects when the store of the points cannot tell. */
  take(key: string): Promise<Taken>;
}

/**
 * Makes the limiter of one spec; called once for each. Keys of `address`, `token` and `producer` are keyed hashes of 16 hex digits,
 * those of `anonymous` and `key` are tenants' ids.
 */
export type LimiterFactory = (spec: LimiterSpec) => Limiter;

/** What all limiters of the library have. */
interface Consumer {
  consume(key: string): Promise<RateLimiterRes>;
}

const TAKEN: Taken = { ok: true };

/** One of the library's limiters as ours. */
export function limiterOver(consumer: Consumer): Limiter {
  return {
    async take(key) {
      try {
        await consumer.consume(key);
        return TAKEN;
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return { ok: false, waitMs: refusal.msBeforeNext };
        throw refusal;
      }
    },
  };
}

const HASH = /^[\da-f]{16}$/;

/**
 * The library's limiter in memory, of a bounded size: hashes are counted by their last four digits. Otherwise every
 * address that somebody makes up takes 400 bytes for as long as points last, and there are more IPv6 networks than bytes.
 * So no limiter holds more than 65,536 keys, which is 26 MB. Whoever shares digits with one who floods waits with it:
 * one in 65,536, and nothing of his is lost.
 */
export class BoundedRateLimiterMemory extends RateLimiterMemory {
  override getKey(key: string | number): string {
    return super.getKey(typeof key === 'string' && HASH.test(key) ? key.slice(-4) : key);
  }
}

/** Limiters of this process alone. */
export const memoryLimiters: LimiterFactory = ({ scope, points, seconds }) =>
  limiterOver(new BoundedRateLimiterMemory({ keyPrefix: scope, points, duration: seconds }));
