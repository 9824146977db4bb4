import type { Environment } from './environment';

/** Unix time in ms that runs with the monotonic clock and is set by the gateway's. */
export interface Clock {
  now(): number;
  /** Takes the `Date` header of an answer; its resolution is a second, so small differences are left alone. */
  setBy(date: string | null): void;
}

/** Less than this, in ms, is the header's resolution and the way of the answer. */
const TOLERANCE = 3_000;

/**
 * A device clock that jumps (the player sets it, the network corrects it) moves no timestamp: time is read once and
 * then counted by the monotonic clock. A device clock that is simply wrong is corrected by the first answer.
 */
export function createClock({ Date: { now: unixTime }, performance }: Environment): Clock {
  let base = unixTime() - performance.now();
  const now = () => Math.round(base + performance.now());
  return {
    now,
    setBy(date) {
      const skew = Date.parse(date ?? '') - now();
      if (Math.abs(skew) > TOLERANCE) base += skew;
    },
  };
}
