import type { Batch, MetricPoint, Rejection } from '@artel/telemetry-protocol';
import { aggregate } from './aggregate';
import type { Clock } from './clock';
import { enrich, type QueueRecord } from './enrich';
import { mark } from './ledger';
import type { Resolution } from './resolveMetric';
import type { SeriesBook } from './seriesBook';
import type { Changes, KeptEntry, Store } from './store';
import { DEFAULT_TENANT } from './tenants';

/** A batch that has passed the check of its envelope. */
export interface Job {
  readonly batch: Batch;
  /** The items that the check has left out of `batch`. */
  readonly rejected: readonly Rejection[];
  /** Decoded size, in bytes. */
  readonly bytes: number;
}

/** What came of a batch, once that is on the disk. Of `refused` nothing was kept: not one of its items was right. */
export type Outcome =
  | { readonly kind: 'counted'; readonly accepted: number; readonly rejected: readonly Rejection[] }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'refused'; readonly rejected: readonly Rejection[] };

export interface CommitterOptions {
  readonly store: Store;
  readonly book: SeriesBook;
  readonly resolve: (point: MetricPoint) => Resolution;
  readonly pseudonym: (user: string) => string;
  readonly clock: Clock;
  readonly queueLimit: number;
  readonly ledgerDays: number;
  /** Told of each commit that was tried: what it took in seconds, and how many queue records had to go for it. */
  readonly onCommit: (seconds: number, queueDropped: number) => void;
  readonly onFailure: (error: unknown) => void;
}

export interface Committer {
  /** Resolves after the commit. Rejects with a `CommitError` when nothing was kept and the batch may come again. */
  submit(job: Job): Promise<Outcome>;
  queueRecords(): number;
  /** Looks at some more of the ledger and forgets the producers that have been silent for too long. */
  sweep(): Promise<void>;
  /** Resolves when nothing is left to commit. */
  idle(): Promise<void>;
}

/** Nothing of the batch was kept: too much is waiting, or the disk refused. */
export class CommitError extends Error {
  override readonly name = 'CommitError';
}

/** Batches wait in memory while a commit runs. More than this, and the sender had better wait. */
const MAX_WAITING_BYTES = 64 * 1_048_576;
/** A group is staged in one go; this bounds how long the event loop stands still for it. */
const MAX_GROUP_BYTES = 4 * 1_048_576;
/** A queue limit that was lowered takes effect in steps of so many records. */
const MAX_DEQUEUE = 10_000;
const SWEEP_ENTRIES = 1_000;
const DAY_MS = 86_400_000;

interface Waiting {
  readonly job: Job;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes the group committer. Batches that arrive while a commit runs make up the next group. A group is staged over
 * what is in memory, written in one transaction, and put into memory only then: at no time, in memory or on disk, is
 * a batch counted and not in the ledger, or half of it counted.
 */
export function createCommitter(options: CommitterOptions): Committer {
  const { store, book, clock, queueLimit } = options;
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let forget: readonly string[] = [];
  let running: Promise<void> | undefined;
  let sweptTo: string | undefined;
  let queue = store.queueEnds();

  const isSilent = (entry: KeptEntry | undefined): boolean =>
    entry !== undefined && entry.at < clock.now() - options.ledgerDays * DAY_MS;

  const stageGroup = (silent: readonly string[]) => {
    const received = clock.now();
    const series = book.stage(received);
    const ledger = new Map<string, KeptEntry>();
    const records: QueueRecord[] = [];

    const stageJob = ({ batch, rejected }: Job): Outcome => {
      const { producer, seq } = batch;
      const marked =
        producer !== undefined && seq !== undefined
          ? { producer, ...mark(ledger.get(producer) ?? store.readLedger(producer), seq) }
          : undefined;
      // Before anything else: a batch that was counted once must not be refused the second time.
      if (marked?.seen) return { kind: 'duplicate' };
      const counted = aggregate(batch, rejected, { resolve: options.resolve, hasRoom: series.hasRoom });
      const enriched = enrich(batch, {
        tenant: DEFAULT_TENANT,
        tier: 'anonymous',
        received,
        pseudonym: options.pseudonym,
      });
      const accepted = counted.accepted + enriched.length;
      if (accepted === 0 && counted.rejected.length > 0)
        return { kind: 'refused', rejected: counted.rejected };
      // What can throw is done; from here on the batch is staged whole.
      if (marked) {
        ledger.set(marked.producer, { ...marked.entry, at: received });
      }
      series.add(counted.deltas);
      records.push(...enriched);
      return { kind: 'counted', accepted, rejected: counted.rejected };
    };

    const changes = (): Changes => {
      const enqueue = records.slice(-queueLimit);
      const over = queue.next + enqueue.length - queueLimit - queue.first;
      const first = queue.first + Math.min(Math.max(over, 0), enqueue.length + MAX_DEQUEUE);
      return {
        ledger,
        series: series.touched(),
        enqueue,
        enqueueAt: queue.next,
        dequeue: [queue.first, first],
        // Asked again: a commit that ran during the sweep may have brought one of them back.
        forget: silent.filter((producer) => !ledger.has(producer) && isSilent(store.readLedger(producer))),
      };
    };
    const apply = ({ enqueue, dequeue, enqueueAt }: Changes): void => {
      series.apply();
      queue = { first: dequeue[1], next: enqueueAt + enqueue.length };
    };
    return { stageJob, changes, apply, lost: () => Math.max(0, records.length - queueLimit) };
  };

  const isEmpty = ({ ledger, series, enqueue, forget }: Changes): boolean =>
    ledger.size + series.length + enqueue.length + forget.length === 0;

  const commitGroup = async (group: readonly Waiting[]): Promise<void> => {
    // Whoever is not forgotten now, as the commit fails, is found again by a later sweep.
    const silent = forget;
    forget = [];
    const stage = stageGroup(silent);
    const settled: (() => void)[] = [];
    const failed: ((error: CommitError) => void)[] = [];
    for (const { job, resolve, reject } of group) {
      try {
        const outcome = stage.stageJob(job);
        settled.push(() => resolve(outcome));
        failed.push(reject);
      } catch (error) {
        reject(error);
      }
    }
    let changes: Changes;
    const started = clock.elapsed();
    try {
      changes = stage.changes();
      // Duplicates too wait for the commit: the first copy may be in this very group.
      if (!isEmpty(changes)) await store.commit(changes);
    } catch (error) {
      options.onFailure(error);
      const refusal = new CommitError('the store could not be written', { cause: error });
      for (const reject of failed) reject(refusal);
      return;
    }
    stage.apply(changes);
    if (!isEmpty(changes)) {
      const [from, before] = changes.dequeue;
      options.onCommit((clock.elapsed() - started) / 1_000, before - from + stage.lost());
    }
    for (const settle of settled) settle();
  };

  const nextGroup = (): Waiting[] => {
    let bytes = 0;
    let end = 0;
    for (const { job } of waiting) {
      bytes += job.bytes;
      // One batch at least, however large.
      if (end > 0 && bytes > MAX_GROUP_BYTES) break;
      end++;
    }
    const group = waiting.splice(0, end);
    for (const { job } of group) waitingBytes -= job.bytes;
    return group;
  };

  const run = async (): Promise<void> => {
    while (waiting.length + forget.length > 0) {
      await commitGroup(nextGroup());
    }
    running = undefined;
  };
  const wake = (): Promise<void> => {
    running ??= run();
    return running;
  };

  return {
    submit(job) {
      if (waitingBytes + job.bytes > MAX_WAITING_BYTES) {
        return Promise.reject(new CommitError('too many batches are waiting to be written'));
      }
      waitingBytes += job.bytes;
      return new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        void wake();
      });
    },
    queueRecords: () => queue.next - queue.first,
    async sweep() {
      const entries = store.readLedgerRange(sweptTo, SWEEP_ENTRIES);
      sweptTo = entries.length < SWEEP_ENTRIES ? undefined : entries.at(-1)?.[0];
      forget = entries.filter(([, entry]) => isSilent(entry)).map(([producer]) => producer);
      if (forget.length > 0) await wake();
    },
    idle: async () => running,
  };
}
