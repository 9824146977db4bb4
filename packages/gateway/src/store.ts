import type { RootDatabase } from 'lmdb';
import { markedBackups } from './backupMarker';
import { type Clock, systemClock } from './clock';
import type { QueueRecord } from './enrich';
import type { QueueReader } from './outputs/queueReader';
import type { Series } from './series';
import { openEnvironment, othersIn, StoreTakenError, storePath } from './storeFile';
import {
  type HeldRecord,
  type KeptEntry,
  migrate,
  openTables,
  seriesRecordKey,
  type Tables,
} from './storeFormat';

export { StoreTakenError } from './storeFile';
export { type KeptEntry, ledgerKey } from './storeFormat';

/** A series and whose it is. */
export interface TenantSeries {
  readonly tenant: string;
  readonly series: Series;
}

/** What one group of batches changes, all of it or nothing. */
export interface Changes {
  /** By `ledgerKey`. */
  readonly ledger: ReadonlyMap<string, KeptEntry>;
  readonly series: readonly TenantSeries[];
  /** Records to put into the queue, the first under `enqueueAt`. */
  readonly enqueue: readonly QueueRecord[];
  readonly enqueueAt: number;
  /** Queue keys to take out: from the first, before the second. */
  readonly dequeue: readonly [from: number, before: number];
  /** Outputs that have come further, and how far. */
  readonly cursors: ReadonlyMap<string, number>;
  /** Keys of the ledger to forget. */
  readonly forget: readonly string[];
  /** Batches to hold, by their tokens, and tokens of those that are held no longer. */
  readonly hold?: ReadonlyMap<string, HeldRecord>;
  readonly release?: readonly string[];
}

/** What the gateway keeps on its disk, read and written as a whole or not at all. */
export interface Store extends QueueReader {
  /** The entry under a `ledgerKey`. */
  readLedger(key: string): KeptEntry | undefined;
  /** Up to `limit` entries in the order of their keys, from behind `after`. */
  readLedgerRange(after: string | undefined, limit: number): (readonly [key: string, entry: KeptEntry])[];
  /** How many producers the ledger knows. */
  producers(): number;
  /** Every series of a tenant. */
  readSeries(tenant: string): Series[];
  /** The last place in the queue that each output has passed, by the output's name. */
  readCursors(): ReadonlyMap<string, number>;
  /** The held batches, by their tokens. */
  readHeld(): ReadonlyMap<string, HeldRecord>;
  /**
   * Resolves when the changes are on the disk; after a rejection none of them is, and the store goes on, a second later
   * where it was the disk that refused.
   */
  commit(changes: Changes): Promise<void>;
  /** How often another process has erased somebody from the store. */
  erasures(): number;
  /** Reads and writes a little. Rejects when the store cannot. */
  probe(): Promise<void>;
  /** Bytes of the pages that hold something. The file is larger: it keeps the pages that have become free. */
  usedBytes(): number;
  /** Settles when what was committed before is on the disk. */
  close(): Promise<void>;
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

/** What LMDB or the system has refused, and no mistake of ours: their errors have a number. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

/**
 * A disk that has refused is left alone for so long, in ms: shorter than clients wait. The native library writes some lines
 * to standard error for each try, which are hundreds a second under load, and often land on that very disk.
 */
const REST_MS = 1_000;

/** Producers whose entries are kept in memory too: of those who sent last, each sends again within seconds. */
const RECENT_ENTRIES = 20_000;

/** The ledger's entries that were written last, as they are on the disk: this process alone writes them. */
function createRecent() {
  const entries = new Map<string, KeptEntry>();
  return {
    get: (key: string): KeptEntry | undefined => entries.get(key),
    keep(ledger: ReadonlyMap<string, KeptEntry>): void {
      for (const [key, entry] of ledger) {
        entries.delete(key);
        entries.set(key, entry);
      }
      for (const key of entries.keys()) {
        if (entries.size <= RECENT_ENTRIES) break;
        entries.delete(key);
      }
    },
    forget(keys: readonly string[]): void {
      for (const key of keys) entries.delete(key);
    },
  };
}

function numberOf(stats: object, name: string): number {
  const value: unknown = Object.getOwnPropertyDescriptor(stats, name)?.value;
  return typeof value === 'number' ? value : 0;
}

function bytesOf(tables: Tables): number {
  return Object.values(tables).reduce((sum, table) => {
    const stats = table.getStats();
    const pages = ['treeBranchPageCount', 'treeLeafPageCount', 'overflowPages'];
    return sum + numberOf(stats, 'pageSize') * pages.reduce((all, name) => all + numberOf(stats, name), 0);
  }, 0);
}

function openOwn(path: string): { env: RootDatabase; tables: Tables } {
  let env: RootDatabase;
  try {
    env = openEnvironment(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`DATA_DIR: cannot open the store in ${path}: ${reason}`, { cause: error });
  }
  try {
    const backups = markedBackups(path);
    const others = othersIn(env).filter((pid) => !backups.includes(pid));
    if (others.length > 0) {
      throw new StoreTakenError(
        `DATA_DIR: ${path} is in use by process ${others.join(', ')}; stop it or choose another`,
      );
    }
    const tables = openTables(env);
    migrate(env, tables, path);
    return { env, tables };
  } catch (error) {
    void env.close();
    throw error;
  }
}

/**
 * Opens the store in `dataDir`, making it when it is not there, and migrating it when it is of an older format. Throws
 * when the directory cannot be written, when the store is of a newer format, and a `StoreTakenError` when another
 * process has it open.
 */
export function openStore(dataDir: string, clock: Pick<Clock, 'elapsed'> = systemClock): Store {
  const path = storePath(dataDir);
  const { env, tables } = openOwn(path);
  const { meta, ledger, series, queue, cursors, held } = tables;
  // Two gateways that write one store would overwrite each other's totals. The check above is a courtesy, blind to
  // other containers' processes; this is the fence: each opening takes the next epoch, and a commit of an older fails.
  const epoch = (meta.getEntry('owner')?.version ?? 0) + 1;
  meta.putSync('owner', process.pid, epoch);
  let commits = meta.get('commits') ?? 0;
  const recent = createRecent();

  let refusal: { readonly reason: unknown; readonly until: number } | undefined;
  const transact = async (write: () => void): Promise<void> => {
    if (refusal && clock.elapsed() < refusal.until) throw refusal.reason;
    let owned: boolean;
    try {
      owned = await meta.ifVersion('owner', epoch, write);
    } catch (error) {
      const reason = await reasonOf(error);
      if (isRefusal(reason)) refusal = { reason, until: clock.elapsed() + REST_MS };
      throw reason;
    }
    if (!owned) throw new StoreTakenError(`DATA_DIR: another gateway has taken ${path}; this one must stop`);
  };

  return {
    readLedger: (key) => recent.get(key) ?? ledger.get(key),
    readLedgerRange: (after, limit) => {
      const range = after === undefined ? { limit } : { start: after, exclusiveStart: true, limit };
      return [...ledger.getRange(range)].map(({ key, value }) => [key, value] as const);
    },
    producers: () => numberOf(ledger.getStats(), 'entryCount'),
    readSeries: (tenant) =>
      [...series.getRange({ start: `${tenant} `, end: `${tenant}!` })].map(({ value }) => value),
    readCursors: () => new Map([...cursors.getRange()].map(({ key, value }) => [key, value])),
    readHeld: () => new Map([...held.getRange()].map(({ key, value }) => [key, value])),
    read: (from, limit) =>
      [...queue.getRange({ start: from, limit })].map(({ key, value }) => ({ key, record: value })),
    ends() {
      const [first] = queue.getKeys({ limit: 1 });
      const [last] = queue.getKeys({ reverse: true, limit: 1 });
      // An empty queue goes on where it was: a key that came again would be taken for one that was sent.
      const next = Math.max(meta.get('queueNext') ?? 1, (last ?? 0) + 1);
      return { first: first ?? next, next };
    },
    async commit(changes) {
      const { enqueue, enqueueAt, dequeue } = changes;
      await transact(() => {
        for (const [key, entry] of changes.ledger) ledger.put(key, entry);
        for (const key of changes.forget) ledger.remove(key);
        for (const { tenant, series: one } of changes.series) series.put(seriesRecordKey(tenant, one), one);
        for (const [at, record] of enqueue.entries()) queue.put(enqueueAt + at, record);
        for (let key = dequeue[0]; key < dequeue[1]; key++) queue.remove(key);
        for (const [output, next] of changes.cursors) cursors.put(output, next);
        for (const [token, record] of changes.hold ?? []) held.put(token, record);
        for (const token of changes.release ?? []) held.remove(token);
        if (enqueue.length > 0) meta.put('queueNext', enqueueAt + enqueue.length, 0);
        meta.put('commits', commits + 1, 0);
        meta.put('committedAt', Date.now(), 0);
      });
      commits++;
      recent.forget(changes.forget);
      recent.keep(changes.ledger);
    },
    async probe() {
      await transact(() => meta.put('probe', Date.now(), 0));
      if (meta.get('format') === undefined) throw new Error('the store does not give back what was written');
    },
    erasures: () => meta.get('erasures') ?? 0,
    usedBytes: () => bytesOf(tables),
    close: () => env.close(),
  };
}
