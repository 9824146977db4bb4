import type { Delta } from './aggregate';
import type { Clock } from './clock';
import type { HeldBatch } from './heldBatch';
import { createHeldNames } from './heldNames';
import { DUPLICATE, type Job, type KeyedBatch, type Outcome, type Staged } from './job';
import type { Cursors } from './outputs/queueReader';
import { type GroupStage, type StageOptions, stageGroup } from './stageGroup';
import type { Changes, KeptEntry, Store } from './store';

export interface CommitterOptions extends Omit<StageOptions, 'heldNames'> {
  readonly store: Store;
  readonly clock: Clock;
  /** Read anew for each commit, as the next two. */
  readonly queueLimit: () => number;
  readonly ledgerDays: () => number;
  /** Bytes that the store may fill; `undefined` is no bound. */
  readonly storeMaxBytes?: () => number | undefined;
  /** The outputs that records wait for. Where there are none, records wait for some to be configured. */
  readonly outputs?: () => readonly string[];
  /** Told of each commit that was tried: what it took in seconds, and how many queue records had to go for it. */
  readonly onCommit: (seconds: number, queueDropped: number) => void;
  readonly onFailure: (error: unknown) => void;
  /**
   * Told of each batch, in turn, once it is counted on the disk, or is not going to be; and before it is answered, unless
   * it was held.
   */
  readonly onCounted?: (job: Job, staged: Staged) => void;
  /** Told of what a group's batches add to a tenant's series, once that is on the disk. Those that were held are not in it. */
  readonly onAdded?: (tenant: string, deltas: readonly Delta[]) => void;
}

export interface Committer extends Cursors {
  /** Resolves after the commit. Rejects with a `CommitError` when nothing was kept and the batch may come again. */
  submit(job: Job): Promise<Outcome>;
  /**
   * Puts a batch on the disk without counting it, under a token that is used once; answers what came of it when it is not
   * one to be counted. Rejects as `submit` does.
   */
  hold(job: Job & { readonly batch: KeyedBatch }, token: string): Promise<HeldBatch | Outcome>;
  /** Counts what is held. Rejects with a `CommitError` when it is held still and not counted. */
  count(held: HeldBatch): Promise<void>;
  /** Lets go of what is held, as a duplicate. Rejects with a `CommitError` when it is held still. */
  drop(held: HeldBatch): Promise<void>;
  queueRecords(): number;
  /** As `QueueReader` has it, without asking the store. */
  ends(): { readonly first: number; readonly next: number };
  /** Bytes of the batches that wait for their commit, of `MAX_WAITING_BYTES`. */
  waitingBytes(): number;
  /** Looks at some more of the ledger and forgets the producers that have been silent for too long. */
  sweep(): Promise<void>;
  /** Resolves when nothing is left to commit. */
  idle(): Promise<void>;
}

/** Nothing of the batch was kept: too much is waiting, the store is full, or the disk refused. */
export class CommitError extends Error {
  override readonly name = 'CommitError';
}

/** Batches wait in memory while a commit runs. More than this, and the sender had better wait. */
export const MAX_WAITING_BYTES = 64 * 1_048_576;
/** A group is staged in one go; this bounds how long the event loop stands still for it. */
const MAX_GROUP_BYTES = 4 * 1_048_576;
/**
 * Commits begin so far apart at least, in ms. A commit costs the CPU as much as four batches, and a fast disk would have
 * one for each two or three: 2,000 batches a second then take a whole core, and with this half of it. Whoever comes after
 * a pause is not kept waiting, and nobody is when a whole group has come.
 */
const PACE_MS = 10;
/** What is taken out of the queue beside what comes in, in steps of so many records. */
const MAX_DEQUEUE = 10_000;
const SWEEP_ENTRIES = 1_000;
const DAY_MS = 86_400_000;

interface Settle<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** Something that becomes a part of a group. */
interface Waiting {
  /** Decoded size of its batch. */
  readonly bytes: number;
  /** A store that is full takes nothing new; what frees room it takes. */
  readonly isNew: boolean;
  /** Stages it, and answers what to do once the group is on the disk. Throws when it cannot be staged. */
  readonly stage: (stage: GroupStage) => () => void;
  readonly reject: (error: unknown) => void;
}

interface Move extends Settle<void> {
  readonly output: string;
  readonly next: number;
}

/**
 * Makes the group committer. Batches that arrive while a commit runs make up the next group, with the cursors that
 * outputs have moved meanwhile. A group is staged over what is in memory, written in one transaction, and put into
 * memory only then: at no time, in memory or on disk, is a batch counted and not in the ledger, or half of it counted.
 */
export function createCommitter(options: CommitterOptions): Committer {
  const { store, clock, outputs = () => [], storeMaxBytes = () => undefined, onCounted, onAdded } = options;
  const heldNames = createHeldNames();
  const stageOptions: StageOptions = { ...options, heldNames };
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let moves: readonly Move[] = [];
  let forget: readonly string[] = [];
  let running: Promise<void> | undefined;
  let began = Number.NEGATIVE_INFINITY;
  let sweptTo: string | undefined;
  let queue = store.ends();
  const cursors = new Map(store.readCursors());

  const isSilent = (entry: KeptEntry | undefined): boolean =>
    entry !== undefined && entry.at < clock.now() - options.ledgerDays() * DAY_MS;

  /** The key that every output has passed, with the moves that are about to be written. */
  const passedBy = (moved: ReadonlyMap<string, number>): number => {
    const ids = outputs();
    if (ids.length === 0) return queue.first;
    const passed = Math.min(...ids.map((id) => moved.get(id) ?? cursors.get(id) ?? queue.first));
    return Math.min(Math.max(passed, queue.first), queue.next);
  };

  const changesOf = (stage: GroupStage, silent: readonly string[], moved: ReadonlyMap<string, number>) => {
    const limit = options.queueLimit();
    const enqueue = stage.records.slice(-limit);
    const passed = passedBy(moved);
    const overLimit = queue.next + enqueue.length - limit;
    const step = queue.first + enqueue.length + MAX_DEQUEUE;
    const first = Math.min(Math.max(passed, overLimit, queue.first), step);
    const changes: Changes = {
      ledger: stage.ledger,
      series: stage.series(),
      enqueue,
      enqueueAt: queue.next,
      dequeue: [queue.first, first],
      cursors: moved,
      // Asked again: a commit that ran during the sweep may have brought one of them back.
      forget: silent.filter((key) => !stage.ledger.has(key) && isSilent(store.readLedger(key))),
      hold: stage.held,
      release: stage.released,
    };
    const dropped = Math.max(0, first - passed) + stage.records.length - enqueue.length;
    return { changes, dropped };
  };

  const isEmpty = ({ ledger, series, enqueue, forget, cursors, hold, release = [] }: Changes): boolean =>
    ledger.size + series.length + enqueue.length + forget.length + cursors.size === 0 &&
    (hold?.size ?? 0) + release.length === 0;

  const isFull = (group: readonly Waiting[]): boolean => {
    const limit = storeMaxBytes();
    const brought = group.reduce((sum, { bytes, isNew }) => sum + (isNew ? bytes : 0), 0);
    if (limit === undefined || brought === 0) return false;
    return store.usedBytes() + brought > limit;
  };

  const commitGroup = async (group: readonly Waiting[], moving: readonly Move[]): Promise<void> => {
    // Whoever is not forgotten now, as the commit fails, is found again by a later sweep.
    const silent = forget;
    forget = [];
    const stage = stageGroup(stageOptions, clock.now());
    const settled: (() => void)[] = [];
    const failed: ((error: CommitError) => void)[] = moving.map(({ reject }) => reject);
    const isRefused = isFull(group);
    // What frees room is written all the same.
    if (isRefused) options.onFailure(new CommitError('the store is full'));
    for (const { isNew, stage: stageOne, reject } of group) {
      if (isRefused && isNew) {
        reject(new CommitError('the store is full'));
        continue;
      }
      try {
        settled.push(stageOne(stage));
        failed.push(reject);
      } catch (error) {
        reject(error);
      }
    }
    // A cursor never goes back.
    const moved = new Map<string, number>();
    for (const { output, next } of moving) {
      moved.set(output, Math.max(next, moved.get(output) ?? cursors.get(output) ?? 0));
    }
    let made: ReturnType<typeof changesOf>;
    const started = clock.elapsed();
    try {
      made = changesOf(stage, silent, moved);
      // Duplicates too wait for the commit: the first copy may be in this very group.
      if (!isEmpty(made.changes)) await store.commit(made.changes);
    } catch (error) {
      options.onFailure(error);
      const refusal = new CommitError('the store could not be written', { cause: error });
      for (const reject of failed) reject(refusal);
      return;
    }
    const { changes, dropped } = made;
    if (!isEmpty(changes)) {
      stage.apply();
      for (const [output, next] of moved) cursors.set(output, next);
      queue = { first: changes.dequeue[1], next: changes.enqueueAt + changes.enqueue.length };
      options.onCommit((clock.elapsed() - started) / 1_000, dropped);
    }
    if (onAdded) for (const [tenant, sum] of stage.added) onAdded(tenant, sum.deltas());
    for (const settle of settled) settle();
    for (const { resolve } of moving) resolve();
  };

  const nextGroup = (): Waiting[] => {
    let bytes = 0;
    let end = 0;
    for (const one of waiting) {
      bytes += one.bytes;
      // One batch at least, however large.
      if (end > 0 && bytes > MAX_GROUP_BYTES) break;
      end++;
    }
    const group = waiting.splice(0, end);
    for (const one of group) waitingBytes -= one.bytes;
    return group;
  };

  const run = async (): Promise<void> => {
    while (waiting.length + forget.length + moves.length > 0) {
      const early = began + PACE_MS - clock.elapsed();
      if (early > 0 && waitingBytes < MAX_GROUP_BYTES) await new Promise((later) => setTimeout(later, early));
      began = clock.elapsed();
      const moving = moves;
      moves = [];
      await commitGroup(nextGroup(), moving);
    }
    running = undefined;
  };
  const wake = (): Promise<void> => {
    running ??= run();
    return running;
  };

  const put = (one: Waiting): void => {
    waitingBytes += one.bytes;
    waiting.push(one);
    void wake();
  };
  const isTooMuch = (bytes: number): boolean => waitingBytes + bytes > MAX_WAITING_BYTES;
  const tooMuch = (): CommitError => new CommitError('too many batches are waiting to be written');
  /** Counts or drops a held batch, as `stage` says, and tells of it once that is on the disk. */
  const settleHeld = (held: HeldBatch, staged: Staged, stage: (group: GroupStage) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        if (held.job) {
          heldNames.remove(held.tenant, held.staged.deltas);
          onCounted?.(held.job, staged);
        }
        resolve();
      };
      const stageOne = (group: GroupStage) => {
        stage(group);
        return settle;
      };
      put({ bytes: held.bytes, isNew: false, stage: stageOne, reject });
    });

  return {
    submit(job) {
      if (isTooMuch(job.bytes)) return Promise.reject(tooMuch());
      return new Promise((resolve, reject) => {
        const stage = (group: GroupStage) => {
          const staged = group.add(job);
          return () => {
            onCounted?.(job, staged);
            resolve(staged.outcome);
          };
        };
        put({ bytes: job.bytes, isNew: true, stage, reject });
      });
    },
    hold(job, token) {
      if (isTooMuch(job.bytes)) return Promise.reject(tooMuch());
      return new Promise((resolve, reject) => {
        let held: HeldBatch | undefined;
        const stage = (group: GroupStage) => {
          const made = group.hold(job, token);
          if ('token' in made) {
            held = made;
            return () => resolve(made);
          }
          return () => {
            onCounted?.(job, made);
            resolve(made.outcome);
          };
        };
        const refuse = (error: unknown): void => {
          if (held) heldNames.remove(held.tenant, held.staged.deltas);
          reject(error);
        };
        put({ bytes: job.bytes, isNew: true, stage, reject: refuse });
      });
    },
    count: (held) => settleHeld(held, held.staged, (group) => group.count(held)),
    drop: (held) => settleHeld(held, DUPLICATE, (group) => group.drop(held)),
    get: (output) => cursors.get(output),
    move: (output, next) =>
      new Promise((resolve, reject) => {
        moves = [...moves, { output, next, resolve, reject }];
        void wake();
      }),
    queueRecords: () => queue.next - queue.first,
    ends: () => queue,
    waitingBytes: () => waitingBytes,
    async sweep() {
      const entries = store.readLedgerRange(sweptTo, SWEEP_ENTRIES);
      sweptTo = entries.length < SWEEP_ENTRIES ? undefined : entries.at(-1)?.[0];
      forget = entries.filter(([, entry]) => isSilent(entry)).map(([key]) => key);
      if (forget.length > 0) await wake();
    },
    idle: async () => running,
  };
}
