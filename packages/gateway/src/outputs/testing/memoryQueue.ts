import type { QueueRecord } from '../../enrich';
import type { Cursors, QueueEntry, QueueReader } from '../queueReader';

/** A queue and its cursors as a disk would keep them: what a new forwarder finds when the old one is gone. */
export interface MemoryQueue {
  readonly queue: QueueReader;
  readonly cursors: Cursors;
  add(...records: QueueRecord[]): void;
  /** Takes the oldest records out, as a full queue does. */
  drop(records: number): void;
  /** Each move of a cursor, in order. */
  readonly moves: readonly (readonly [output: string, next: number])[];
}

export function createMemoryQueue(): MemoryQueue {
  let entries: QueueEntry[] = [];
  let next = 1;
  const cursors = new Map<string, number>();
  const moves: [string, number][] = [];
  return {
    queue: {
      read: (from, limit) => entries.filter(({ key }) => key >= from).slice(0, limit),
      ends: () => ({ first: entries[0]?.key ?? next, next }),
    },
    cursors: {
      get: (output) => cursors.get(output),
      async move(output, to) {
        await new Promise((resolve) => setImmediate(resolve));
        cursors.set(output, to);
        moves.push([output, to]);
      },
    },
    add(...records) {
      for (const record of records) entries.push({ key: next++, record });
    },
    drop(records) {
      entries = entries.slice(records);
    },
    moves,
  };
}
