import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { markBackup, markedBackups, removeStaleMarkers } from './backupMarker';
import type { QueueRecord } from './enrich';
import { DATA_FILE, flushToDisk } from './snapshot';
import { openEnvironment, othersIn, StoreTakenError, storePath } from './storeFile';
import { FORMAT_VERSION, openTables, type Tables } from './storeFormat';

/** Who is erased: by tenant, the pseudonyms. */
export type Erased = ReadonlyMap<string, ReadonlySet<string>>;

/** What was erased, and what may hold it still. */
export interface Erasure {
  readonly logs: number;
  readonly spans: number;
  /** Those among the two that named nobody, and were of a session that elsewhere did. */
  readonly bySession: number;
  /** Those among the two that waited to be claimed from other gateways. */
  readonly held: number;
  /** Process of a gateway that has the store open. */
  readonly gateway?: number;
  /** Whether the store was written anew, so that not even its free pages hold anything of them. */
  readonly compacted: boolean;
  /** Stores that a restore has kept aside in the data directory, and other snapshots that lie there. */
  readonly copies: readonly string[];
}

/** `DATA_DIR` has no store, or one that this gateway does not know. */
export class EraseError extends Error {
  override readonly name = 'EraseError';
}

interface Found {
  readonly keys: readonly number[];
  /** By token: what stays of a held batch's records. */
  readonly held: ReadonlyMap<string, readonly QueueRecord[]>;
  readonly logs: number;
  readonly spans: number;
  readonly bySession: number;
  readonly heldRecords: number;
}

/** Looks through all that waits, twice: the sessions of a user are known only then. */
function find({ queue, held }: Tables, users: Erased): Found {
  const sessions = new Set<string>();
  const sessionOf = ({ tenant, session }: QueueRecord): string => `${tenant} ${session}`;
  const isTheirs = ({ tenant, user }: QueueRecord): boolean =>
    user !== undefined && (users.get(tenant)?.has(user) ?? false);
  const each = (look: (record: QueueRecord) => void): void => {
    for (const { value } of queue.getRange()) look(value);
    for (const { value } of held.getRange()) value.records.forEach(look);
  };
  each((record) => {
    if (isTheirs(record) && record.session !== undefined) sessions.add(sessionOf(record));
  });
  const counts = { logs: 0, spans: 0, bySession: 0, heldRecords: 0 };
  const goes = (record: QueueRecord): boolean => {
    const bySession = record.user === undefined && sessions.has(sessionOf(record));
    if (!bySession && !isTheirs(record)) return false;
    counts[record.kind === 'log' ? 'logs' : 'spans']++;
    if (bySession) counts.bySession++;
    return true;
  };
  const keys = [...queue.getRange()].flatMap(({ key, value }) => (goes(value) ? [key] : []));
  const left = new Map<string, readonly QueueRecord[]>();
  for (const { key, value } of held.getRange()) {
    const records = value.records.filter((record) => !goes(record));
    if (records.length === value.records.length) continue;
    counts.heldRecords += value.records.length - records.length;
    left.set(key, records);
  }
  return { keys, held: left, ...counts };
}

function eraseFrom(env: RootDatabase, tables: Tables, users: Erased): Found {
  const { meta, queue, held } = tables;
  return env.transactionSync(() => {
    const found = find(tables, users);
    for (const key of found.keys) queue.removeSync(key);
    for (const [token, records] of found.held) {
      const before = held.get(token);
      if (before) held.putSync(token, { ...before, records });
    }
    // A running gateway looks at this, and lets go of what it has in memory. Said also where nothing was found: what
    // the gateway has in memory may have left the store before.
    meta.putSync('erasures', (meta.get('erasures') ?? 0) + 1, 0);
    return found;
  });
}

/**
 * Writes the store anew without its free pages, in which LMDB leaves what was removed until it needs them. While this
 * process has the store open no gateway starts on it; one that is not seen, in another container, is fenced off.
 */
async function compact(path: string, dataDir: string, env: RootDatabase, tables: Tables): Promise<void> {
  const { meta } = tables;
  meta.putSync('owner', process.pid, (meta.getEntry('owner')?.version ?? 0) + 1);
  const draft = await mkdtemp(join(dataDir, '.erase-'));
  try {
    await env.backup(draft, true);
    await flushToDisk(join(draft, DATA_FILE));
    await rename(join(draft, DATA_FILE), join(path, DATA_FILE));
    await flushToDisk(path);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Throws an `EraseError` where `dataDir` has no store. */
export function requireStore(dataDir: string): void {
  const path = storePath(dataDir);
  if (!existsSync(join(path, DATA_FILE))) throw new EraseError(`DATA_DIR: there is no store in ${path}`);
}

/** Wherever they lie: people keep snapshots in a folder of the data directory, the one volume that a pod has. */
function copiesIn(dataDir: string): string[] {
  const store = storePath(dataDir);
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => basename(name) === DATA_FILE)
    .map((name) => dirname(join(dataDir, name)))
    .filter((path) => path !== store);
}

/**
 * Takes the logs and spans of some users out of the store in `dataDir`, all of them in one transaction. Series, ledger
 * and cursors stay: they hold no person, and every batch stays counted once. A gateway may have the store open; it goes
 * on, and lets go of what it has in memory within a second. Throws an `EraseError` where there is no store or one of
 * another format.
 */
export async function eraseUsers(dataDir: string, users: Erased): Promise<Erasure> {
  const path = storePath(dataDir);
  requireStore(dataDir);
  // A gateway that starts meanwhile must not take this process for another gateway.
  const unmark = markBackup(path);
  try {
    const env = openEnvironment(path);
    try {
      const tables = openTables(env);
      const format = tables.meta.get('format') ?? 1;
      if (format !== FORMAT_VERSION) {
        throw new EraseError(
          `DATA_DIR: ${path} has format ${format}, expected ${FORMAT_VERSION}: start this gateway once, or take a newer one`,
        );
      }
      const { keys: _, held: __, heldRecords, ...counts } = eraseFrom(env, tables, users);
      removeStaleMarkers(path, othersIn(env));
      // Without the mark a gateway that starts from now on sees that the store is taken, and says so.
      unmark();
      const others = othersIn(env);
      const [gateway] = others.filter((pid) => !markedBackups(path).includes(pid));
      if (others.length === 0) await compact(path, dataDir, env, tables);
      return {
        ...counts,
        held: heldRecords,
        compacted: others.length === 0,
        copies: copiesIn(dataDir),
        ...(gateway === undefined ? {} : { gateway }),
      };
    } finally {
      await env.close();
    }
  } catch (error) {
    if (error instanceof EraseError || error instanceof StoreTakenError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EraseError(`DATA_DIR: nothing is known to be erased from ${path}: ${reason}`, { cause: error });
  } finally {
    unmark();
  }
}
