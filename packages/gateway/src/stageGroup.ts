import type { MetricPoint } from '@artel/telemetry-protocol';
import { type AggregateOptions, aggregate, type Counted, createSum, type Sum } from './aggregate';
import type { Books } from './books';
import { enrich, type QueueRecord } from './enrich';
import { type HeldBatch, recordOf } from './heldBatch';
import type { HeldNames } from './heldNames';
import { DUPLICATE, type Job, type KeyedBatch, type Outcome, type Staged } from './job';
import { mark } from './ledger';
import type { Resolution } from './resolveMetric';
import type { SeriesStage } from './seriesBook';
import { type KeptEntry, ledgerKey, type Store, type TenantSeries } from './store';
import type { HeldRecord } from './storeFormat';
import type { Tenant } from './tenants';

export interface StageOptions {
  readonly store: Pick<Store, 'readLedger'>;
  readonly books: Pick<Books, 'of'>;
  readonly resolve: (point: MetricPoint, tenant: Tenant) => Resolution;
  readonly pseudonym: (user: string, tenant: string) => string;
  readonly heldNames: HeldNames;
}

/** What a group of batches is about to change. Dropping it changes nothing. */
export interface GroupStage {
  /** Throws what a batch cannot be staged for; then nothing of it is. */
  add(job: Job): Staged;
  /**
   * Works out what a batch would add, and puts it aside under `token` instead of adding it. A batch that would not be
   * counted is not held. Throws as `add` does.
   */
  hold(job: Job & { readonly batch: KeyedBatch }, token: string): HeldBatch | Staged;
  /** Adds what is held. */
  count(held: HeldBatch): void;
  /** Lets go of what is held: another copy of it is counted. */
  drop(held: HeldBatch): void;
  readonly ledger: ReadonlyMap<string, KeptEntry>;
  readonly records: readonly QueueRecord[];
  readonly held: ReadonlyMap<string, HeldRecord>;
  readonly released: readonly string[];
  /** What the batches that were not held add together, by tenant. */
  readonly added: ReadonlyMap<string, Pick<Sum, 'deltas'>>;
  /** Every touched series as it will be. To be called once, when the group is whole. */
  series(): TenantSeries[];
  /** Puts the series into their books. To be called once they are on disk. */
  apply(): void;
}

/** Makes the stage of a group over what is in memory; `received` is when its batches came, Unix time in ms. */
export function stageGroup(options: StageOptions, received: number): GroupStage {
  const { store, books, resolve, pseudonym, heldNames } = options;
  const ledger = new Map<string, KeptEntry>();
  const records: QueueRecord[] = [];
  const stages = new Map<string, SeriesStage>();
  const sums = new Map<string, Sum>();
  const held = new Map<string, HeldRecord>();
  const released: string[] = [];

  const stageOf = (tenant: string): SeriesStage => {
    const stage = stages.get(tenant) ?? books.of(tenant).stage(received);
    stages.set(tenant, stage);
    return stage;
  };

  const sumOf = (tenant: string): Sum => {
    let sum = sums.get(tenant);
    if (!sum) {
      sum = createSum();
      sums.set(tenant, sum);
    }
    return sum;
  };
  const optionsOf = (tenant: Tenant): AggregateOptions => {
    const series = stageOf(tenant.id);
    return {
      resolve: (point) => resolve(point, tenant),
      hasRoom: (family, others) =>
        series.hasRoom(family, family.known ? others : heldNames.with(tenant.id, others)),
    };
  };
  const recordsOf = ({ tenant, tier, subject, batch }: Job): QueueRecord[] =>
    enrich(batch, { tenant: tenant.id, tier, received, subject, pseudonym });
  const outcomeOf = ({ accepted, rejected }: Counted, enriched: readonly QueueRecord[]): Outcome => {
    const all = accepted + enriched.length;
    if (all === 0 && rejected.length > 0) return { kind: 'refused', rejected };
    return { kind: 'counted', accepted: all, rejected };
  };

  const put = (tenant: string, { deltas, records: added }: Staged): void => {
    stageOf(tenant).add(deltas);
    records.push(...added);
  };

  return {
    ledger,
    records,
    held,
    released,
    add(job) {
      const { tenant, batch, rejected } = job;
      const { producer, seq } = batch;
      const key = producer === undefined ? '' : ledgerKey(tenant.id, producer);
      const marked = seq === undefined ? undefined : mark(ledger.get(key) ?? store.readLedger(key), seq);
      // Before anything else: a batch that was counted once must not be refused the second time.
      if (marked?.seen) return DUPLICATE;
      // First what may throw: from the points on the batch is staged whole.
      const enriched = recordsOf(job);
      const sum = sumOf(tenant.id);
      const outcome = outcomeOf(sum.add(batch.metrics, rejected, optionsOf(tenant)), enriched);
      if (outcome.kind !== 'counted') return { outcome, deltas: [], records: [] };
      if (batch.dropped) sum.addDropped(batch.dropped);
      if (marked) ledger.set(key, { ...marked.entry, at: received });
      records.push(...enriched);
      return { outcome, deltas: [], records: enriched };
    },
    hold(job, token) {
      const { tenant, batch, rejected, bytes } = job;
      const { producer, seq } = batch;
      const key = ledgerKey(tenant.id, producer);
      // What this gateway has counted alone, before there were others.
      if (mark(store.readLedger(key), seq).seen) return DUPLICATE;
      const { resolve, hasRoom } = optionsOf(tenant);
      // Beside the names that batches of this group bring, which no book knows yet.
      const { newNames } = sumOf(tenant.id);
      const counted = aggregate(batch, rejected, {
        resolve,
        hasRoom: (family, others) =>
          hasRoom(family, newNames.size === 0 ? others : new Set([...others, ...newNames])),
      });
      const enriched = recordsOf(job);
      const outcome = outcomeOf(counted, enriched);
      if (outcome.kind !== 'counted') return { outcome, deltas: [], records: [] };
      const one: Staged = { outcome, deltas: counted.deltas, records: enriched };
      const batchHeld: HeldBatch = { token, ledgerKey: key, seq, tenant: tenant.id, staged: one, bytes, job };
      held.set(token, recordOf(batchHeld));
      heldNames.add(tenant.id, one.deltas);
      return batchHeld;
    },
    count({ token, tenant, staged: one }) {
      put(tenant, one);
      released.push(token);
    },
    drop({ token }) {
      released.push(token);
    },
    added: sums,
    series() {
      for (const [tenant, sum] of sums) stageOf(tenant).add(sum.deltas());
      return [...stages].flatMap(([tenant, stage]) => stage.touched().map((series) => ({ tenant, series })));
    },
    apply() {
      for (const stage of stages.values()) stage.apply();
    },
  };
}
