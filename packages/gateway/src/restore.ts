import { constants, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { copyFile, link, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checksumOf, DATA_FILE, flushToDisk, type Manifest, readManifest, SnapshotError } from './snapshot';
import { openEnvironment, othersIn, StoreTakenError, storePath } from './storeFile';
import { openTables } from './storeFormat';

const LOCK_FILE = 'lock.mdb';

export interface RestoreOptions {
  /** Puts the snapshot in the place of a store, which is kept beside it. */
  readonly force?: boolean;
  /**
   * Makes sure that nobody writes the old store any more, or throws. A damaged store may end the process that opens it,
   * so the command does this in a process of its own.
   */
  readonly retire?: (dataDir: string) => Promise<void>;
  readonly now?: number;
}

export interface Restored {
  readonly manifest: Manifest;
  /** Why the old store could not be opened, so that it was kept as it is. */
  readonly damage?: string;
  /** Where the store is kept that was there before. */
  readonly before?: string;
}

/**
 * Takes the store away from whoever has it open unseen: its next commit fails, so that it acknowledges nothing more.
 * Throws a `StoreTakenError` when another process is seen to have it open.
 */
export async function retireStore(dataDir: string): Promise<void> {
  const path = storePath(dataDir);
  const env = openEnvironment(path);
  try {
    const others = othersIn(env);
    if (others.length > 0) {
      throw new StoreTakenError(`DATA_DIR: ${path} is in use by process ${others.join(', ')}; stop it first`);
    }
    const { meta } = openTables(env);
    meta.putSync('owner', process.pid, (meta.getEntry('owner')?.version ?? 0) + 1);
  } finally {
    await env.close();
  }
}

async function copyChecked(snapshot: string, draft: string, { data }: Manifest): Promise<void> {
  const from = join(snapshot, DATA_FILE);
  const to = join(draft, DATA_FILE);
  if (!existsSync(from)) throw new SnapshotError(`${from}: is missing`);
  await copyFile(from, to, constants.COPYFILE_EXCL);
  // The copy is checked and not the original: it is what will be counted on.
  const { bytes, sha256 } = await checksumOf(to);
  if (bytes !== data.bytes || sha256 !== data.sha256) {
    const expected = `${data.bytes} bytes with SHA-256 ${data.sha256}`;
    throw new SnapshotError(`${from}: expected ${expected} by its manifest, got ${bytes} with ${sha256}`);
  }
  await flushToDisk(to);
}

function freeName(path: string, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const names = [
    `${path}.before-${time}`,
    ...Array.from({ length: 99 }, (_, i) => `${path}.before-${time}-${i + 2}`),
  ];
  const free = names.find((name) => !existsSync(name));
  if (free === undefined) throw new SnapshotError(`${path}.before-${time}: is there already`);
  return free;
}

/** The old file under a second name: at no time is there no store, whenever the power fails. */
async function keepAside(path: string, before: string): Promise<void> {
  mkdirSync(before, { mode: 0o700 });
  const file = join(path, DATA_FILE);
  const kept = join(before, DATA_FILE);
  // Not every file system has links.
  await link(file, kept).catch(() => copyFile(file, kept, constants.COPYFILE_EXCL));
  await flushToDisk(kept);
  await flushToDisk(before);
}

/** Answers why the old store could not be opened, if it could not. */
async function retireOr(retire: () => Promise<void>): Promise<string | undefined> {
  try {
    await retire();
    return undefined;
  } catch (error) {
    if (error instanceof StoreTakenError) throw error;
    // It is often for this that a snapshot is restored.
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Puts a snapshot into `dataDir` as its store. Throws a `SnapshotError` when the snapshot is none or is damaged, or
 * when there is a store and `force` is not set, and a `StoreTakenError` when a gateway has that open; then the store
 * counts on as it was. The store is replaced by one rename.
 */
export async function restoreSnapshot(
  snapshot: string,
  dataDir: string,
  { force = false, retire = retireStore, now = Date.now() }: RestoreOptions = {},
): Promise<Restored> {
  const manifest = readManifest(snapshot);
  const path = storePath(dataDir);
  const file = join(path, DATA_FILE);
  const hasStore = (): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const replaces = hasStore();
  if (replaces && !force) {
    throw new SnapshotError(
      `DATA_DIR: there is a store in ${path}; --force keeps it aside and puts the snapshot in its place`,
    );
  }
  mkdirSync(path, { recursive: true });
  const draft = await mkdtemp(join(dataDir, '.restore-'));
  let before: string | undefined;
  try {
    await copyChecked(snapshot, draft, manifest);
    if (!replaces && hasStore()) {
      throw new StoreTakenError(`DATA_DIR: a gateway has begun a store in ${path}; stop it first`);
    }
    const damage = replaces ? await retireOr(() => retire(dataDir)) : undefined;
    if (replaces) {
      before = freeName(path, now);
      await keepAside(path, before);
    }
    // Of the old file: who opens the new one makes a new one.
    rmSync(join(path, LOCK_FILE), { force: true });
    await rename(join(draft, DATA_FILE), file);
    const kept = before;
    before = undefined;
    await flushToDisk(path);
    await flushToDisk(dirname(path));
    if (existsSync(join(path, LOCK_FILE))) {
      throw new StoreTakenError(
        `DATA_DIR: a gateway has opened ${path} during the restore; stop it, and restore once more`,
      );
    }
    return {
      manifest,
      ...(kept === undefined ? {} : { before: kept }),
      ...(damage === undefined ? {} : { damage }),
    };
  } finally {
    await rm(draft, { recursive: true, force: true });
    if (before !== undefined) await rm(before, { recursive: true, force: true });
  }
}
