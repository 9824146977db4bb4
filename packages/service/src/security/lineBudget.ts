import { createRecencyMap } from './store/recencyMap';

/** Tells whether a line about `key` may be written now. */
export interface LineBudget {
  /** How many lines were kept back since the last that was written, or `undefined` where this one is kept back too. */
  take(key: string, now: number): number | undefined;
}

const MINUTE_MS = 60_000;
const MAX_KEYS = 10_000;

/** So many lines a minute for each key: what somebody does ten thousand times a second is one thing, and not a log that is full. */
export function createLineBudget(linesPerMinute: number): LineBudget {
  const minutes = createRecencyMap<{ readonly from: number; readonly lines: number; readonly kept: number }>(
    MAX_KEYS,
  );
  return {
    take(key, now) {
      const known = minutes.get(key);
      const isSame = known !== undefined && now - known.from < MINUTE_MS;
      const lines = isSame ? known.lines : 0;
      const from = isSame ? known.from : now;
      if (lines >= linesPerMinute) {
        minutes.set(key, { from, lines, kept: (known?.kept ?? 0) + 1 });
        return undefined;
      }
      minutes.set(key, { from, lines: lines + 1, kept: 0 });
      return known?.kept ?? 0;
    },
  };
}
