import type { Delta } from '../aggregate';
import type { QueueRecord } from '../enrich';

/** A batch whose commit is on the disk: the live page shows nothing that was not counted. */
export interface CountedBatch {
  /** Id of the tenant that it was counted for. */
  readonly tenant: string;
  /** Unix time in ms by the gateway's clock. */
  readonly at: number;
  /** Whose batch it is; only the number of different ones is kept. */
  readonly producer?: string;
  /** Empty for a duplicate. */
  readonly deltas: readonly Delta[];
  /** The logs and spans that were put into the queue, scrubbed. Empty for a duplicate. */
  readonly records: readonly QueueRecord[];
  /** Points, logs and spans that were counted. */
  readonly accepted: number;
  /** Points, logs and spans that were refused. */
  readonly rejected: number;
  readonly duplicate: boolean;
}
