/** Sums by column over the latest `slots` steps of time; what is older is forgotten. */
export interface Ring {
  /** Adds to the slot that `second` falls into; what is older than the ring is not taken. */
  add(second: number, column: number, amount: number): void;
  /** What the slot that `second` falls into holds. */
  at(second: number, column: number): number;
  /** Columns `from` to `to` (not included), each summed over `count` slots: that of `second`, and those before it. */
  sums(second: number, count: number, from: number, to: number): number[];
  clear(): void;
}

export interface RingOptions {
  readonly columns: number;
  readonly slots: number;
  /** Seconds that one slot stands for. */
  readonly step: number;
}

/**
 * Makes a ring of a fixed size. Nothing has to be moved or wiped as time goes on: each slot is stamped with the step
 * that it holds, and a slot with another stamp holds nothing.
 */
export function createRing({ columns, slots, step }: RingOptions): Ring {
  const cells = new Float64Array(columns * slots);
  const stamps = new Float64Array(slots).fill(-1);

  /** Start of the slot's cells; -1 where the ring does not hold that step. */
  const find = (stamp: number): number => {
    const slot = stamp % slots;
    return stamps[slot] === stamp ? slot * columns : -1;
  };

  return {
    add(second, column, amount) {
      const stamp = Math.floor(second / step);
      const slot = stamp % slots;
      const held = stamps[slot] ?? stamp;
      if (held > stamp) return;
      const start = slot * columns;
      if (held < stamp) {
        cells.fill(0, start, start + columns);
        stamps[slot] = stamp;
      }
      cells[start + column] = (cells[start + column] ?? 0) + amount;
    },
    at(second, column) {
      const start = find(Math.floor(second / step));
      return start < 0 ? 0 : (cells[start + column] ?? 0);
    },
    sums(second, count, from, to) {
      const sums = new Array<number>(to - from).fill(0);
      const last = Math.floor(second / step);
      for (let stamp = Math.max(0, last - Math.min(count, slots) + 1); stamp <= last; stamp++) {
        const start = find(stamp);
        if (start < 0) continue;
        for (let column = from; column < to; column++) {
          sums[column - from] = (sums[column - from] ?? 0) + (cells[start + column] ?? 0);
        }
      }
      return sums;
    },
    clear() {
      stamps.fill(-1);
    },
  };
}
