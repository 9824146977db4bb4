import type { QueueRecord } from '../enrich';
import type { Post } from './post';
import type { QueueEntry } from './queueReader';

/** How the records of one request are gathered. */
export interface BatchLimits {
  readonly records: number;
  /** About so many bytes before compression, and one record at least. */
  readonly bytes: number;
  /** How long the first record waits for others, in ms. */
  readonly waitMs: number;
}

/** One way out for records: an end, and how it wants them. */
export interface RecordOutput {
  /** Name of its cursor. */
  readonly id: string;
  /** The name that the configuration gives it. */
  readonly name: string;
  readonly signal: 'logs' | 'traces';
  readonly batch: BatchLimits;
  takes(record: QueueRecord): boolean;
  /** Why a record has no place there any more, such as `too_old`, or `undefined`. */
  readonly hopeless?: (record: QueueRecord, now: number) => string | undefined;
  /** The body of one request. */
  encode(entries: readonly QueueEntry[]): Uint8Array;
  readonly post: Post;
}
