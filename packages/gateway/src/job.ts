import type { Batch, Rejection } from '@artel/telemetry-protocol';
import type { Delta } from './aggregate';
import type { QueueRecord, Tier } from './enrich';
import type { Tenant } from './tenants';

/** A batch that has passed the check of its envelope, and whose it is. */
export interface Job {
  readonly tenant: Tenant;
  readonly tier: Tier;
  /** Pseudonym of the user that the session token proves. */
  readonly subject?: string | undefined;
  readonly batch: Batch;
  /** The items that the check has left out of `batch`. */
  readonly rejected: readonly Rejection[];
  /** Decoded size, in bytes. */
  readonly bytes: number;
}

/** A batch that can be told from all others. */
export type KeyedBatch = Batch & { readonly producer: string; readonly seq: number };

/** What came of a batch. Of `refused` nothing was kept: not one of its items was right. */
export type Outcome =
  | { readonly kind: 'counted'; readonly accepted: number; readonly rejected: readonly Rejection[] }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'refused'; readonly rejected: readonly Rejection[] };

/** What a batch adds, beside what came of it. */
export interface Staged {
  readonly outcome: Outcome;
  /** What it adds to each series, when it is or was held; all others of a group have theirs in the group's `added`. */
  readonly deltas: readonly Delta[];
  readonly records: readonly QueueRecord[];
}

/** What a batch adds that was counted before. */
export const DUPLICATE: Staged = { outcome: { kind: 'duplicate' }, deltas: [], records: [] };
