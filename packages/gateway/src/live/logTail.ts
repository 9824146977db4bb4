import type { LogLevel } from '@artel/telemetry-protocol';
import type { LogLine } from './wire';

/** The latest log lines, of bounded number and size. */
export interface LogTail {
  add(line: Omit<LogLine, 'id'>): void;
  /** Oldest first. */
  all(): readonly LogLine[];
  /** The `most` latest lines since the last call, oldest first, and how many before them were passed over. */
  fresh(most: number): { readonly lines: readonly LogLine[]; readonly skipped: number };
  clear(): void;
}

export interface LogTailOptions {
  readonly room: number;
  /** Characters that all lines together may have. */
  readonly characters: number;
}

function weight({ message, fields }: LogLine): number {
  return fields.reduce((sum, [name, value]) => sum + name.length + value.length, message.length);
}

/**
 * Makes room by the oldest line of the level that has most of them: a flood of `info` does not wash the few errors
 * away, and where nothing but `info` comes it has all the room.
 */
export function createLogTail({ room, characters }: LogTailOptions): LogTail {
  const levels: Record<LogLevel, LogLine[]> = { debug: [], info: [], warn: [], error: [] };
  let next = 1;
  let told = 1;
  let count = 0;
  let weighs = 0;

  const all = (): LogLine[] =>
    Object.values(levels)
      .flat()
      .sort((a, b) => a.id - b.id);
  const dropOne = (): void => {
    const fullest = Object.values(levels).reduce((most, lines) =>
      lines.length > most.length ? lines : most,
    );
    const dropped = fullest.shift();
    if (!dropped) return;
    count--;
    weighs -= weight(dropped);
  };

  return {
    add(line) {
      const kept = { id: next++, ...line };
      levels[kept.level].push(kept);
      count++;
      weighs += weight(kept);
      while (count > room || (weighs > characters && count > 1)) dropOne();
    },
    all,
    fresh(most) {
      const untold = all().filter(({ id }) => id >= told);
      const lines = untold.slice(Math.max(0, untold.length - most));
      const skipped = next - told - lines.length;
      told = next;
      return { lines, skipped };
    },
    clear() {
      for (const lines of Object.values(levels)) lines.length = 0;
      count = 0;
      weighs = 0;
      told = next;
    },
  };
}
