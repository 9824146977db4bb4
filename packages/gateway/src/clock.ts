/** The two times that the gateway reads. */
export interface Clock {
  /** Unix time in ms. */
  now(): number;
  /** Ms since some moment, with fractions, never going back. */
  elapsed(): number;
}

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };
