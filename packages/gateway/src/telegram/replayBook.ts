import type { Clock } from '../clock';

/** Remembers how often a launch has signed in. This one in memory; one in Redis serves several gateways. */
export interface ReplayBook {
  /**
   * Counts a use of `hash` and tells how many there are with it; one over `limit` is told as `limit + 1` or more and not
   * counted, for the next limit may be higher. May forget `hash` `ttl` ms after its first use. Rejects when it cannot tell.
   */
  use(hash: string, limit: number, ttl: number): Promise<number>;
}

export interface ReplayBookOptions {
  readonly clock: Pick<Clock, 'elapsed'>;
  /** The most launches remembered. Over it the oldest goes, and may begin again. 200,000, about 30 MB. */
  readonly capacity?: number;
}

export interface MemoryReplayBook extends ReplayBook {
  readonly size: () => number;
}

interface Entry {
  uses: number;
  readonly until: number;
}

/** A few for each that comes: the dead go faster than the living arrive, and nobody waits for a sweep of all. */
const SWEPT_PER_USE = 4;

/** Makes a replay book in memory. It begins empty with each process: a restart grants each launch its uses again. */
export function createReplayBook({ clock, capacity = 200_000 }: ReplayBookOptions): MemoryReplayBook {
  const entries = new Map<string, Entry>();
  let walk = entries.entries();

  const sweep = (now: number): void => {
    for (let step = 0; step < SWEPT_PER_USE; step++) {
      const { done, value } = walk.next();
      if (done) {
        walk = entries.entries();
        return;
      }
      if (value[1].until <= now) entries.delete(value[0]);
    }
  };

  return {
    size: () => entries.size,
    async use(hash, limit, ttl) {
      const now = clock.elapsed();
      sweep(now);
      const known = entries.get(hash);
      if (known !== undefined && known.until > now) {
        if (known.uses < limit) return ++known.uses;
        return limit + 1;
      }
      entries.delete(hash);
      const [oldest] = entries.keys();
      if (entries.size >= capacity && oldest !== undefined) entries.delete(oldest);
      entries.set(hash, { uses: 1, until: now + ttl });
      return 1;
    },
  };
}
