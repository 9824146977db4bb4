export interface LatchOptions {
  /** How far below its bound a value has to be, as a part of the bound, to count as calm. */
  readonly calmBelow: number;
  /** How long it has to be calm, in ms. */
  readonly calmMs: number;
}

/** Remembers that a value was too high until it has been well below for a while: at the bound itself nothing flutters. */
export interface Latch {
  /** Takes note of `value` at the time `now`, in ms, and tells whether it counts as too high. */
  feed(value: number, bound: number, now: number): boolean;
  isOn(): boolean;
}

export function createLatch({ calmBelow, calmMs }: LatchOptions): Latch {
  let isOn = false;
  let calmSince: number | undefined;
  return {
    feed(value, bound, now) {
      if (value >= bound) {
        isOn = true;
        calmSince = undefined;
      } else if (isOn) {
        calmSince = value < bound * calmBelow ? (calmSince ?? now) : undefined;
        if (calmSince !== undefined && now - calmSince >= calmMs) isOn = false;
      }
      return isOn;
    },
    isOn: () => isOn,
  };
}
