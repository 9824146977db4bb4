import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { version } from '../package.json';
import { markBackup, removeStaleMarkers } from './backupMarker';
import {
  checksumOf,
  DATA_FILE,
  flushToDisk,
  type Manifest,
  makeManifest,
  SnapshotError,
  writeManifest,
} from './snapshot';
import { openEnvironment, othersIn, storePath } from './storeFile';

/** Copies what the last commit left, in one read transaction; the gateway goes on writing meanwhile. */
async function copyStore(path: string, draft: string): Promise<void> {
  const unmark = markBackup(path);
  try {
    const env = openEnvironment(path, { readOnly: true });
    try {
      removeStaleMarkers(path, othersIn(env));
      // Compacting takes no lock that a commit could wait for, and leaves out the pages that are free.
      await env.backup(draft, true);
    } finally {
      await env.close();
    }
  } finally {
    unmark();
  }
}

/** Reads the copy from end to end: a backup that nobody has read is a hope. */
async function contentsOf(
  draft: string,
): Promise<Pick<Manifest, 'storeFormat' | 'committed' | 'commits' | 'entries'>> {
  const env = openEnvironment(draft, { readOnly: true });
  try {
    // By what is in it and not by what this gateway would have: the store may be of an older format.
    const entries: Record<string, number> = {};
    for (const name of [...env.getKeys()].map(String)) {
      const table = env.openDB({ name, encoding: 'json', useVersions: name === 'meta' });
      let count = 0;
      for (const _ of table.getRange()) count++;
      entries[name] = count;
    }
    const meta = env.openDB<number, string>({ name: 'meta', encoding: 'json', useVersions: true });
    const committedAt = meta.get('committedAt');
    return {
      storeFormat: meta.get('format') ?? 1,
      committed: committedAt === undefined ? null : new Date(committedAt).toISOString(),
      commits: meta.get('commits') ?? 0,
      entries,
    };
  } finally {
    await env.close();
    // LMDB's lock file is nothing of the snapshot's.
    for (const name of readdirSync(draft)) if (name !== DATA_FILE) rmSync(join(draft, name));
  }
}

/**
 * Writes a snapshot of the store in `dataDir` into the new directory `target`: `data.mdb`, as the last commit left it,
 * and `manifest.json`. A gateway may have the store open, and loses no time by it. The directory appears whole or not
 * at all. Throws a `SnapshotError` when there is no store, or something is at `target`.
 */
export async function takeBackup(dataDir: string, target: string, now = Date.now()): Promise<Manifest> {
  const path = storePath(dataDir);
  const to = resolve(target);
  if (!existsSync(join(path, DATA_FILE))) throw new SnapshotError(`DATA_DIR: there is no store in ${path}`);
  if (existsSync(to))
    throw new SnapshotError(`${target}: is there already, expected the name of a new directory`);
  mkdirSync(dirname(to), { recursive: true });
  const draft = await mkdtemp(join(dirname(to), `.${basename(to)}.draft-`));
  try {
    await copyStore(path, draft);
    const contents = await contentsOf(draft);
    await flushToDisk(join(draft, DATA_FILE));
    const manifest = makeManifest({
      gateway: version,
      taken: new Date(now).toISOString(),
      ...contents,
      data: await checksumOf(join(draft, DATA_FILE)),
    });
    await writeManifest(draft, manifest);
    await flushToDisk(draft);
    await rename(draft, to);
    await flushToDisk(dirname(to));
    return manifest;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
