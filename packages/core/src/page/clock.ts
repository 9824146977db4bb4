import type { Environment } from './environment';

/** Unix time in ms, by the device's clock as it was when the page started, advanced by the monotonic clock. */
export type Now = () => number;

/**
 * A device clock that jumps while the page is open (the player sets it, the network corrects it) moves no timestamp. A
 * device clock that is simply wrong is not corrected here: each batch is sent with `sentAt` of the same clock, and the
 * gateway shifts its times by the difference. So no two clocks are ever compared in the page.
 */
export function createClock({ Date: { now: unixTime }, performance }: Environment): Now {
  const base = unixTime() - performance.now();
  return () => Math.round(base + performance.now());
}
