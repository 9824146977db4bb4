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
  /** What has no place there any more, and what that is called. */
  readonly hopeless?: { readonly reason: string; readonly is: (record: QueueRecord, now: number) => boolean };
  /** The body of one request. */
  encode(entries: readonly QueueEntry[]): Uint8Array;
  readonly post: Post;
}
