import type { Batch, MetricPoint, Rejection } from '@artel/telemetry-protocol';
import { aggregate, type Delta } from './aggregate';
import type { Books } from './books';
import { enrich, type QueueRecord, type Tier } from './enrich';
import { mark } from './ledger';
import type { Resolution } from './resolveMetric';
import type { SeriesStage } from './seriesBook';
import { type KeptEntry, ledgerKey, type Store, type TenantSeries } from './store';
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

/** What came of a batch. Of `refused` nothing was kept: not one of its items was right. */
export type Outcome =
  | { readonly kind: 'counted'; readonly accepted: number; readonly rejected: readonly Rejection[] }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'refused'; readonly rejected: readonly Rejection[] };

/** What a batch adds, beside what came of it. */
export interface Staged {
  readonly outcome: Outcome;
  readonly deltas: readonly Delta[];
  readonly records: readonly QueueRecord[];
}

export interface StageOptions {
  readonly store: Pick<Store, 'readLedger'>;
  readonly books: Pick<Books, 'of'>;
  readonly resolve: (point: MetricPoint, tenant: Tenant) => Resolution;
  readonly pseudonym: (user: string, tenant: string) => string;
}

/** What a group of batches is about to change. Dropping it changes nothing. */
export interface GroupStage {
  /** Throws what a batch cannot be staged for; then nothing of it is. */
  add(job: Job): Staged;
  readonly ledger: ReadonlyMap<string, KeptEntry>;
  readonly records: readonly QueueRecord[];
  series(): TenantSeries[];
  /** Puts the series into their books. To be called once they are on disk. */
  apply(): void;
}

/** Makes the stage of a group over what is in memory; `received` is when its batches came, Unix time in ms. */
export function stageGroup(options: StageOptions, received: number): GroupStage {
  const { store, books, resolve, pseudonym } = options;
  const ledger = new Map<string, KeptEntry>();
  const records: QueueRecord[] = [];
  const stages = new Map<string, SeriesStage>();

  const stageOf = (tenant: string): SeriesStage => {
    const stage = stages.get(tenant) ?? books.of(tenant).stage(received);
    stages.set(tenant, stage);
    return stage;
  };

  return {
    ledger,
    records,
    add({ tenant, tier, subject, batch, rejected }) {
      const { producer, seq } = batch;
      const key = producer === undefined ? '' : ledgerKey(tenant.id, producer);
      const marked = seq === undefined ? undefined : mark(ledger.get(key) ?? store.readLedger(key), seq);
      // Before anything else: a batch that was counted once must not be refused the second time.
      if (marked?.seen) return { outcome: { kind: 'duplicate' }, deltas: [], records: [] };
      const series = stageOf(tenant.id);
      const counted = aggregate(batch, rejected, {
        resolve: (point) => resolve(point, tenant),
        hasRoom: series.hasRoom,
      });
      const enriched = enrich(batch, { tenant: tenant.id, tier, received, subject, pseudonym });
      const accepted = counted.accepted + enriched.length;
      if (accepted === 0 && counted.rejected.length > 0) {
        return { outcome: { kind: 'refused', rejected: counted.rejected }, deltas: [], records: [] };
      }
      // What can throw is done; from here on the batch is staged whole.
      if (marked) ledger.set(key, { ...marked.entry, at: received });
      series.add(counted.deltas);
      records.push(...enriched);
      return {
        outcome: { kind: 'counted', accepted, rejected: counted.rejected },
        deltas: counted.deltas,
        records: enriched,
      };
    },
    series: () =>
      [...stages].flatMap(([tenant, stage]) => stage.touched().map((series) => ({ tenant, series }))),
    apply() {
      for (const stage of stages.values()) stage.apply();
    },
  };
}
