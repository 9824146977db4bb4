import { createRing, type Ring } from './ring';
import { HISTORY_SECONDS } from './wire';

/** What is summed under one name over the history's time. */
interface Ranked {
  readonly name: string;
  readonly sums: readonly number[];
}

/** Sums by name over the history's time, for a bounded number of names. */
export interface Ranking {
  /** Adds `amounts` to the columns of `name`. */
  add(name: string, second: number, amounts: readonly number[]): void;
  /** The `most` names with the largest first column, largest first; names with nothing are left out. */
  top(second: number, most: number): readonly Ranked[];
  clear(): void;
}

export interface RankingOptions {
  readonly columns: number;
  /** Names that are told apart. */
  readonly room: number;
}

/** What names without room are summed under. */
export const OTHERS = '(others)';

const STEP = 10;

export function createRanking({ columns, room }: RankingOptions): Ranking {
  const entries = new Map<string, { readonly ring: Ring; last: number }>();

  /** Makes room by a name that has had nothing for the whole of the history. */
  const hasRoom = (second: number): boolean => {
    if (entries.size < room) return true;
    for (const [name, { last }] of entries) {
      if (last <= second - HISTORY_SECONDS) return entries.delete(name);
    }
    return false;
  };

  return {
    add(name, second, amounts) {
      const known = entries.has(name) || hasRoom(second) ? name : OTHERS;
      let entry = entries.get(known);
      if (entry === undefined) {
        entry = { ring: createRing({ columns, slots: HISTORY_SECONDS / STEP, step: STEP }), last: second };
        entries.set(known, entry);
      }
      entry.last = Math.max(entry.last, second);
      for (let column = 0; column < amounts.length; column++) {
        const amount = amounts[column] ?? 0;
        if (amount > 0) entry.ring.add(second, column, amount);
      }
    },
    top(second, most) {
      return [...entries]
        .map(([name, { ring }]) => ({ name, sums: ring.sums(second, HISTORY_SECONDS / STEP, 0, columns) }))
        .filter(({ sums: [first = 0] }) => first > 0)
        .sort((a, b) => (b.sums[0] ?? 0) - (a.sums[0] ?? 0) || (a.name < b.name ? -1 : 1))
        .slice(0, most);
    },
    clear() {
      entries.clear();
    },
  };
}
