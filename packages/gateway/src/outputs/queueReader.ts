import type { QueueRecord } from '../enrich';

/** One record of the queue under its key; keys grow by one with each record and are never used again. */
export interface QueueEntry {
  readonly key: number;
  readonly record: QueueRecord;
}

/** The durable queue as the outputs see it. */
export interface QueueReader {
  /** The oldest records with a key from `from` on, at most `limit`. */
  read(from: number, limit: number): readonly QueueEntry[];
  /** The key of the oldest record, and the key that the next one will have. */
  ends(): { readonly first: number; readonly next: number };
}

/** How far each output has come, kept over restarts. */
export interface Cursors {
  /** The key of the next record that `output` has not passed yet; `undefined` for one that never began. */
  get(output: string): number | undefined;
  /** Resolves once it is on the disk. */
  move(output: string, next: number): Promise<void>;
}
