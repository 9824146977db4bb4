import type { Attempts } from './securityStore';

interface Entry {
  /** The last ones, oldest first, as many as the limit at the most. */
  readonly times: readonly number[];
  readonly raisedAt: number;
}

/** Attempts by key within a sliding window, in a bounded room. */
export interface AttemptTable {
  add(key: string, limit: number, windowMs: number, now: number): Attempts;
  count(key: string, windowMs: number, now: number): number;
  reset(key: string): void;
  readonly size: number;
}

/** This part of the room stays with those who have attempted once, however many have more. */
const NEWCOMERS = 1 / 4;

/**
 * Holds at most `max` keys. Where there is no room, the key with the fewest attempts goes, and of these the one that was
 * quiet longest. So whoever sends from a million addresses pushes out his own: to push out a key with four attempts he has
 * to fill three quarters of the room with as many each.
 */
export function createAttemptTable(max: number): AttemptTable {
  /** By the number of attempts; in each, the one quiet longest is the first. */
  const levels: Map<string, Entry>[] = [];
  let size = 0;

  const levelOf = (attempts: number): Map<string, Entry> => {
    const level = levels[attempts] ?? new Map<string, Entry>();
    levels[attempts] = level;
    return level;
  };

  const take = (key: string): Entry | undefined => {
    for (const level of levels) {
      const entry = level?.get(key);
      if (!entry) continue;
      level.delete(key);
      size--;
      return entry;
    }
    return undefined;
  };

  const dropFirst = (level: Map<string, Entry>): void => {
    const [key] = level.keys();
    if (key !== undefined && level.delete(key)) size--;
  };

  const dropExpired = (windowMs: number, now: number): void => {
    for (const level of levels) {
      for (const [key, { times }] of level ?? []) {
        if (now - (times.at(-1) ?? 0) < windowMs) break;
        level?.delete(key);
        size--;
      }
    }
  };

  const makeRoom = (): void => {
    const crowd = levels.find((level, attempts) =>
      attempts === 1 ? (level?.size ?? 0) > max * NEWCOMERS : (level?.size ?? 0) > 0,
    );
    dropFirst(crowd ?? levelOf(1));
  };

  return {
    add(key, limit, windowMs, now) {
      const known = take(key);
      const times = [...(known?.times ?? []).filter((time) => now - time < windowMs), now].slice(-limit);
      const raisedBefore = known !== undefined && now - known.raisedAt < windowMs;
      const raised = times.length >= limit && !raisedBefore;
      dropExpired(windowMs, now);
      if (size >= max) makeRoom();
      const raisedAt = raised ? now : (known?.raisedAt ?? Number.NEGATIVE_INFINITY);
      levelOf(times.length).set(key, { times, raisedAt });
      size++;
      return { count: times.length, raised };
    },
    count(key, windowMs, now) {
      const entry = levels.find((level) => level?.has(key))?.get(key);
      return entry?.times.filter((time) => now - time < windowMs).length ?? 0;
    },
    reset: (key) => void take(key),
    get size() {
      return size;
    },
  };
}
