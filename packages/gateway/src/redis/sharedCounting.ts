import type { Catalogue } from '@artel/telemetry-protocol';
import type { Committer } from '../commit';
import type { ExposedFamily } from '../exposition';
import { type HeldBatch, heldFrom } from '../heldBatch';
import type { Job, KeyedBatch, Outcome } from '../job';
import type { Wait } from '../outputs/wait';
import { type HttpProblem, unavailable } from '../problem';
import { ledgerKey, type Store } from '../store';
import type { Verdict } from './ledgerShard';
import type { SharedLedger } from './sharedLedger';

/**
 * Counts each batch once among all gateways. A batch is held on this gateway's disk, then claimed in Redis, and then
 * counted where the claim is ours, dropped where another copy has it. A claim stands for ever, and whoever has it has the
 * batch on its disk: whatever ends between two of these steps, the batch is counted by the one who claimed it, be it after a
 * restart.
 */
export interface SharedCounting extends Pick<Committer, 'submit'> {
  /**
   * Resolves once the batch is counted, here or by another gateway. Rejects with a 503 problem while Redis is away, and
   * with a `CommitError`. A batch without producer or `seq` goes to the committer as it is.
   */
  submit(job: Job): Promise<Outcome>;
  families(): ExposedFamily[];
  /** Gives the batches under way `ms` to be settled, then leaves them held: the next start goes on with them. */
  close(ms: number): Promise<void>;
}

export interface SharedCountingOptions {
  readonly committer: Pick<Committer, 'submit' | 'hold' | 'count' | 'drop'>;
  readonly ledger: Pick<SharedLedger, 'newToken' | 'isUp' | 'claim' | 'isClaimed' | 'forget' | 'close'>;
  readonly store: Pick<Store, 'readHeld'>;
  readonly catalogueOf: (tenant: string) => Catalogue;
  readonly wait: Wait;
}

type KeyedJob = Job & { readonly batch: KeyedBatch };

/** Batches that are held in memory too, until Redis has answered, in bytes. */
const MAX_HELD_BYTES = 64 * 1_048_576;
/** Between two attempts to count a batch that is ours on a disk that cannot be written, in ms. */
const RETRY_MS = 500;

function isKeyed(job: Job): job is KeyedJob {
  return job.batch.producer !== undefined && job.batch.seq !== undefined;
}

function notTaken(): HttpProblem {
  return unavailable(
    'The ledger that the gateways share cannot be reached; nothing of this batch was kept, send it again.',
  );
}

function notSettled(): HttpProblem {
  return unavailable(
    'The batch is kept, and the ledger that the gateways share has not told yet who counts it; send it again, it counts once.',
  );
}

/** Makes it, and goes on with the batches that an earlier process has held. */
export function createSharedCounting(options: SharedCountingOptions): SharedCounting {
  const { committer, ledger, store, catalogueOf, wait } = options;
  const stop = new AbortController();
  const open = new Set<Promise<unknown>>();
  let held = 0;
  let heldBytes = 0;
  const refused = { before: 0, after: 0 };

  /** Counts or drops a batch on the disk, and goes on trying. Answers whether that was done before the end. */
  const write = async (batch: HeldBatch, verdict: Verdict, onDelay: () => void): Promise<boolean> => {
    while (!stop.signal.aborted) {
      try {
        await (verdict === 'ours' ? committer.count(batch) : committer.drop(batch));
        return true;
      } catch {
        // The committer has told why.
        onDelay();
        await wait(RETRY_MS, stop.signal);
      }
    }
    return false;
  };

  /** Takes a held batch to its end. `onVerdict` is told as soon as it may be answered, `onDelay` that it will take long. */
  const settle = async (
    batch: HeldBatch,
    onVerdict: (verdict: Verdict) => void,
    onDelay: () => void,
  ): Promise<void> => {
    held++;
    heldBytes += batch.bytes;
    const verdict = await ledger.claim(batch, onDelay);
    // Who has the other copy counts it; what is left to do here is to let go of this one.
    if (verdict === 'theirs') onVerdict(verdict);
    const isWritten = await write(batch, verdict, onDelay);
    if (!isWritten) return;
    held--;
    heldBytes -= batch.bytes;
    if (verdict === 'theirs') return;
    ledger.forget(batch);
    onVerdict(verdict);
  };
  const track = (settling: Promise<void>): void => {
    open.add(settling);
    void settling.finally(() => open.delete(settling));
  };

  const submitKeyed = async (job: KeyedJob, key: string): Promise<Outcome> => {
    if (!ledger.isUp(key) || heldBytes + job.bytes > MAX_HELD_BYTES) {
      refused.before++;
      throw notTaken();
    }
    const batch = await committer.hold(job, ledger.newToken());
    if (!('token' in batch)) {
      // What was counted once is not refused the second time.
      const isClaimed =
        batch.kind === 'refused' &&
        (await ledger.isClaimed(key, job.batch.seq).catch(() => {
          throw notTaken();
        }));
      return isClaimed ? { kind: 'duplicate' } : batch;
    }
    return new Promise((resolve, reject) => {
      const onVerdict = (verdict: Verdict): void =>
        resolve(verdict === 'ours' ? batch.staged.outcome : { kind: 'duplicate' });
      let isAnswered = false;
      const onDelay = (): void => {
        if (isAnswered) return;
        isAnswered = true;
        refused.after++;
        reject(notSettled());
      };
      track(settle(batch, onVerdict, onDelay));
    });
  };

  for (const [token, record] of store.readHeld()) {
    track(
      settle(
        heldFrom(token, record, catalogueOf(record.tenant)),
        () => {},
        () => {},
      ),
    );
  }

  return {
    submit(job) {
      if (!isKeyed(job)) return committer.submit(job);
      return submitKeyed(job, ledgerKey(job.tenant.id, job.batch.producer));
    },
    families: () => [
      {
        name: 'artel_gateway_held_batches',
        kind: 'gauge',
        help: 'Batches on the disk that are not yet counted, as Redis has not told whose they are.',
        series: [{ labels: [], value: held }],
      },
      {
        name: 'artel_gateway_unsettled_batches_total',
        kind: 'counter',
        help: 'Batches answered 503 because Redis was away: before they were kept, or after, to be counted when it is back.',
        series: [
          { labels: [['kept', 'false']], value: refused.before },
          { labels: [['kept', 'true']], value: refused.after },
        ],
      },
    ],
    async close(ms) {
      const settled = new AbortController();
      await Promise.race([Promise.allSettled([...open]), wait(ms, settled.signal)]);
      settled.abort();
      // No claim is answered after this; what was answered is still being written.
      await ledger.close();
      stop.abort();
    },
  };
}
