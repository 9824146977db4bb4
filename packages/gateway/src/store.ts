import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import type { QueueRecord } from './enrich';
import type { LedgerEntry } from './ledger';
import { type Series, seriesKey } from './series';

/** The layout that this gateway writes. A newer one is refused, an older one would be migrated here. */
const FORMAT_VERSION = 1;

/** A ledger entry with the time of its last change, Unix time in ms. */
export interface KeptEntry extends LedgerEntry {
  readonly at: number;
}

/** What one group of batches changes, all of it or nothing. */
export interface Changes {
  readonly ledger: ReadonlyMap<string, KeptEntry>;
  readonly series: readonly Series[];
  /** Records to put into the queue, the first under `enqueueAt`. */
  readonly enqueue: readonly QueueRecord[];
  readonly enqueueAt: number;
  /** Queue keys to take out: from the first, before the second. */
  readonly dequeue: readonly [from: number, before: number];
  /** Producers to forget. */
  readonly forget: readonly string[];
}

export interface Store {
  readLedger(producer: string): KeptEntry | undefined;
  /** Up to `limit` entries in the order of producers, from behind `after`. */
  readLedgerRange(
    after: string | undefined,
    limit: number,
  ): (readonly [producer: string, entry: KeptEntry])[];
  readSeries(): Series[];
  /** The key of the oldest record, and the key that the next one will have. */
  queueEnds(): { readonly first: number; readonly next: number };
  /** Resolves when the changes are on the disk; after a rejection none of them is, and the store goes on. */
  commit(changes: Changes): Promise<void>;
  /** Reads and writes a little. Rejects when the store cannot. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** The store is not this gateway's to write, now or any more. */
export class StoreTakenError extends Error {
  override readonly name = 'StoreTakenError';
}

/** LMDB's keys are shorter than a series' labels may be. */
function keyOf({ name, labels }: Series): string {
  return createHash('sha256').update(seriesKey(name, labels)).digest('base64url');
}

/** Processes, beside this one, that have the store open. LMDB keeps file locks for its readers, which die with them. */
function othersIn(readerList: string): number[] {
  const pids = [...readerList.matchAll(/^\s*(\d+)\s/gm)].map(([, pid]) => Number(pid));
  return [...new Set(pids)].filter((pid) => pid !== process.pid);
}

/**
 * lmdb-js rejects with a plain error and puts the cause into a second promise, which ends the process as an unhandled
 * rejection if nobody takes it.
 */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  return Promise.resolve(error.commitError).then(
    () => error,
    (reason: unknown) => reason,
  );
}

/** LMDB's magic, 24 bytes into the file, behind the header of its first page. */
const MAGIC = 0xbeefc0de;

/** The native library ends the process with a segmentation fault on a file that is no store. */
function checkFile(path: string): void {
  const file = join(path, 'data.mdb');
  if (!existsSync(file)) return;
  const head = Buffer.alloc(28);
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, head);
  closeSync(descriptor);
  // An empty file is what a process leaves that was killed while it made the store.
  if (length > 0 && head.readUInt32LE(24) !== MAGIC) throw new Error(`${file} is not a store`);
}

function openEnvironment(path: string): RootDatabase {
  try {
    checkFile(path);
    return open({
      path,
      noSubdir: false,
      // With overlapping sync a promise resolves once the transaction is visible and before it is on the disk; when
      // the flush then fails, what was seen is gone and `flushed` never settles. Without, fsync is a part of the
      // commit: it either holds, or the promise rejects and nothing has changed. Group commit pays the fsync once for
      // many batches.
      overlappingSync: false,
      // Every write below is batched by hand. The library's own batching makes promises that nobody can catch.
      eventTurnBatching: false,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`DATA_DIR: cannot open the store in ${path}: ${reason}`, { cause: error });
  }
}

/**
 * Opens the store in `dataDir`, making it when it is not there. Throws when the directory cannot be written, when the
 * store is of a newer format, and a `StoreTakenError` when another process has it open.
 */
export function openStore(dataDir: string): Store {
  const path = join(dataDir, 'gateway');
  const env = openEnvironment(path);
  const meta = env.openDB<number, string>({ name: 'meta', encoding: 'json', useVersions: true });
  const ledger = env.openDB<KeptEntry, string>({ name: 'ledger', encoding: 'json' });
  const series = env.openDB<Series, string>({ name: 'series', encoding: 'json' });
  const queue = env.openDB<QueueRecord, number>({ name: 'queue', encoding: 'json' });

  const format = meta.get('format') ?? FORMAT_VERSION;
  env.readerCheck();
  const others = othersIn(env.readerList());
  const fail = (error: Error): never => {
    void env.close();
    throw error;
  };
  if (others.length > 0) {
    fail(
      new StoreTakenError(
        `DATA_DIR: ${path} is in use by process ${others.join(', ')}; stop it or choose another`,
      ),
    );
  }
  if (format > FORMAT_VERSION) {
    const known = `this gateway knows formats up to ${FORMAT_VERSION}`;
    fail(
      new Error(
        `DATA_DIR: ${path} has format ${format}, ${known}; take a newer gateway or choose another DATA_DIR`,
      ),
    );
  }
  meta.putSync('format', FORMAT_VERSION, 0);
  // Two gateways that write one store would overwrite each other's totals. The check above is a courtesy, blind to
  // other containers' processes; this is the fence: each opening takes the next epoch, and a commit of an older fails.
  const epoch = (meta.getEntry('owner')?.version ?? 0) + 1;
  meta.putSync('owner', process.pid, epoch);

  const transact = async (write: () => void): Promise<void> => {
    let owned: boolean;
    try {
      owned = await meta.ifVersion('owner', epoch, write);
    } catch (error) {
      throw await reasonOf(error);
    }
    if (!owned) throw new StoreTakenError(`DATA_DIR: another gateway has taken ${path}; this one must stop`);
  };

  return {
    readLedger: (producer) => ledger.get(producer),
    readLedgerRange: (after, limit) => {
      const range = after === undefined ? { limit } : { start: after, exclusiveStart: true, limit };
      return [...ledger.getRange(range)].map(({ key, value }) => [key, value] as const);
    },
    readSeries: () => [...series.getRange()].map(({ value }) => value),
    queueEnds() {
      const [first = 1] = queue.getKeys({ limit: 1 });
      const [last = 0] = queue.getKeys({ reverse: true, limit: 1 });
      return { first, next: last + 1 };
    },
    commit: (changes) =>
      transact(() => {
        for (const [producer, entry] of changes.ledger) ledger.put(producer, entry);
        for (const producer of changes.forget) ledger.remove(producer);
        for (const one of changes.series) series.put(keyOf(one), one);
        for (const [at, record] of changes.enqueue.entries()) queue.put(changes.enqueueAt + at, record);
        for (let key = changes.dequeue[0]; key < changes.dequeue[1]; key++) queue.remove(key);
      }),
    async probe() {
      await transact(() => meta.put('probe', Date.now(), 0));
      if (meta.get('format') === undefined) throw new Error('the store does not give back what was written');
    },
    close: () => env.close(),
  };
}
