import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempDir } from '../fixtures/gateway';
import { takeBackup } from './backup';
import { restoreSnapshot, retireStore } from './restore';
import { readManifest } from './snapshot';
import { type Changes, ledgerKey, openStore, type Store, StoreTakenError } from './store';

const nothing: Changes = {
  ledger: new Map(),
  series: [],
  enqueue: [],
  enqueueAt: 1,
  dequeue: [1, 1],
  cursors: new Map(),
  forget: [],
};

/** One batch of each of `producers`, counted in one series. */
async function count(store: Store, producers: readonly string[], at: number): Promise<void> {
  const before = store.readSeries('default')[0];
  const value = (before?.kind === 'counter' ? before.value : 0) + producers.length;
  await store.commit({
    ...nothing,
    ledger: new Map(producers.map((name) => [ledgerKey('default', name), { high: 1, ranges: [], at }])),
    series: [{ tenant: 'default', series: { kind: 'counter', name: 'shots_total', labels: [], value } }],
    cursors: new Map([['loki', at]]),
  });
}

const total = (store: Store): unknown => store.readSeries('default')[0];
const counted = (value: number): object => ({ kind: 'counter', name: 'shots_total', labels: [], value });

/** A process that reads the store and stays, as a backup of a large store does. */
async function reader(dataDir: string, mark: boolean): Promise<ChildProcess> {
  const lmdb = createRequire(import.meta.url).resolve('lmdb');
  const path = join(dataDir, 'gateway');
  const code = `
    const { open } = require(${JSON.stringify(lmdb)});
    if (${mark}) require('node:fs').writeFileSync(${JSON.stringify(path)} + '/backup-' + process.pid, '');
    const env = open({ path: ${JSON.stringify(path)}, noSubdir: false, overlappingSync: false, readOnly: true });
    env.openDB({ name: 'meta', encoding: 'json', useVersions: true }).get('format');
    console.log('open');
    setInterval(() => {}, 1_000);
  `;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}

describe('a backup', () => {
  it('of an open store holds what was committed, says so in its manifest, and leaves the store its epoch', async () => {
    const dataDir = tempDir();
    const store = openStore(dataDir);
    await count(store, ['p1', 'p2'], 1_700_000_000_000);
    const target = join(dataDir, 'backups', 'monday');
    const manifest = await takeBackup(dataDir, target, 1_700_000_001_000);
    expect(readdirSync(target).sort()).toEqual(['data.mdb', 'manifest.json']);
    expect(readdirSync(join(dataDir, 'backups'))).toEqual(['monday']);
    expect(manifest).toMatchObject({
      storeFormat: 2,
      taken: '2023-11-14T22:13:21.000Z',
      committed: expect.stringMatching(/^20/),
      commits: 1,
      entries: { ledger: 2, series: 1, queue: 0, cursors: 1 },
      data: { bytes: statSync(join(target, 'data.mdb')).size },
    });
    expect(readManifest(target)).toEqual(manifest);
    expect(readdirSync(join(dataDir, 'gateway')).sort()).toEqual(['data.mdb', 'lock.mdb']);
    await count(store, ['p3'], 1_700_000_002_000);
    expect(total(store)).toEqual(counted(3));
    await store.close();
  });

  it('refuses a target that is there, and a directory without a store', async () => {
    const dataDir = tempDir();
    const target = join(tempDir(), 'snapshot');
    await expect(takeBackup(dataDir, target)).rejects.toThrow(/DATA_DIR: there is no store in .*gateway$/);
    expect(readdirSync(dataDir)).toEqual([]);
    await openStore(dataDir).close();
    mkdirSync(target);
    await expect(takeBackup(dataDir, target)).rejects.toThrow(/snapshot: is there already/);
    expect(readdirSync(target)).toEqual([]);
  });

  it('of a damaged page leaves nothing at the target', async () => {
    const dataDir = tempDir();
    const parent = tempDir();
    await openStore(dataDir).close();
    writeFileSync(join(dataDir, 'gateway', 'data.mdb'), 'this was never a store, and it shall not be one');
    await expect(takeBackup(dataDir, join(parent, 'snapshot'))).rejects.toThrow(/data\.mdb is not a store/);
    expect(readdirSync(parent)).toEqual([]);
    expect(readdirSync(join(dataDir, 'gateway'))).not.toContainEqual(expect.stringMatching(/^backup-/));
  });

  it('does not keep a gateway from starting while it runs', async () => {
    const dataDir = tempDir();
    await openStore(dataDir).close();
    const unmarked = await reader(dataDir, false);
    expect(() => openStore(dataDir)).toThrow(new RegExp(`is in use by process ${unmarked.pid}`));
    await end(unmarked);
    await reader(dataDir, true);
    const store = openStore(dataDir);
    await count(store, ['p1'], 1);
    expect(total(store)).toEqual(counted(1));
    await store.close();
  });

  it('clears the mark of one that was killed, and not that of one that has just begun', async () => {
    const dataDir = tempDir();
    await openStore(dataDir).close();
    const mark = (pid: number): string => join(dataDir, 'gateway', `backup-${pid}`);
    for (const pid of [1_111_111, 2_222_222]) writeFileSync(mark(pid), '');
    utimesSync(mark(1_111_111), 1, 1);
    await takeBackup(dataDir, join(tempDir(), 'snapshot'));
    expect(existsSync(mark(1_111_111))).toBe(false);
    expect(existsSync(mark(2_222_222))).toBe(true);
  });
});

describe('a restore', () => {
  /** A store of two batches, its snapshot, and a third batch that came after. */
  const snapshotOfTwo = async () => {
    const dataDir = tempDir();
    const snapshot = join(tempDir(), 'snapshot');
    const store = openStore(dataDir);
    await count(store, ['p1', 'p2'], 1);
    await takeBackup(dataDir, snapshot);
    await count(store, ['p3'], 2);
    return { dataDir, snapshot, store };
  };

  it('into an empty directory brings back ledger, series and cursors as they were together', async () => {
    const { snapshot, store } = await snapshotOfTwo();
    await store.close();
    const dataDir = join(tempDir(), 'new');
    mkdirSync(dataDir);
    const { before, manifest } = await restoreSnapshot(snapshot, dataDir);
    expect(before).toBeUndefined();
    expect(manifest.entries['ledger']).toBe(2);
    expect(readdirSync(dataDir)).toEqual(['gateway']);
    const restored = openStore(dataDir);
    expect(total(restored)).toEqual(counted(2));
    expect(restored.readLedger(ledgerKey('default', 'p2'))).toMatchObject({ high: 1 });
    expect(restored.readLedger(ledgerKey('default', 'p3'))).toBeUndefined();
    expect(restored.readCursors()).toEqual(new Map([['loki', 1]]));
    await restored.close();
  });

  it('refuses a store that is there; with force it keeps that one aside, whole', async () => {
    const { dataDir, snapshot, store } = await snapshotOfTwo();
    await store.close();
    await expect(restoreSnapshot(snapshot, dataDir)).rejects.toThrow(/there is a store in .*--force/);
    const { before } = await restoreSnapshot(snapshot, dataDir, { force: true, now: 1_700_000_000_000 });
    expect(before).toBe(join(dataDir, 'gateway.before-20231114T221320Z'));
    const second = await restoreSnapshot(snapshot, dataDir, { force: true, now: 1_700_000_000_000 });
    expect(second.before).toBe(`${before}-2`);
    const restored = openStore(dataDir);
    expect(total(restored)).toEqual(counted(2));
    await restored.close();
    const elsewhere = tempDir();
    const { renameSync } = await import('node:fs');
    renameSync(String(before), join(elsewhere, 'gateway'));
    const old = openStore(elsewhere);
    expect(total(old)).toEqual(counted(3));
    await old.close();
  });

  it('refuses while another process has the store open, force or not', async () => {
    const { dataDir, snapshot, store } = await snapshotOfTwo();
    await store.close();
    const { pid } = await reader(dataDir, false);
    const attempt = restoreSnapshot(snapshot, dataDir, { force: true });
    await expect(attempt).rejects.toThrow(new RegExp(`in use by process ${pid}; stop it first`));
    await expect(attempt).rejects.toThrow(StoreTakenError);
    expect(readdirSync(dataDir)).toEqual(['gateway']);
  });

  it('fences off a gateway that cannot be seen: it acknowledges nothing more into the store put aside', async () => {
    // In this very process, as with two containers whose processes have one number.
    const { dataDir, snapshot, store } = await snapshotOfTwo();
    await restoreSnapshot(snapshot, dataDir, { force: true });
    await expect(count(store, ['p4'], 3)).rejects.toThrow(StoreTakenError);
    await store.close().catch(() => {});
  });

  it('keeps a store aside that nobody can open any more, and says why', async () => {
    const { dataDir, snapshot, store } = await snapshotOfTwo();
    await store.close();
    writeFileSync(join(dataDir, 'gateway', 'data.mdb'), 'what the disk has left of it, which is not enough');
    const { before, damage } = await restoreSnapshot(snapshot, dataDir, { force: true });
    expect(damage).toMatch(/is not a store/);
    expect(readFileSync(join(String(before), 'data.mdb'), 'utf8')).toMatch(/^what the disk has left/);
    const restored = openStore(dataDir);
    expect(total(restored)).toEqual(counted(2));
    await restored.close();
  });

  it.each([
    ['one byte is wrong', (file: string) => void flip(file), /expected \d+ bytes with SHA-256/],
    ['it is cut short', (file: string) => truncateSync(file, 4_096), /got 4096 with/],
  ])('refuses a snapshot of which %s, and changes nothing', async (_what, harm, message) => {
    const { dataDir, snapshot, store } = await snapshotOfTwo();
    harm(join(snapshot, 'data.mdb'));
    await expect(restoreSnapshot(snapshot, dataDir, { force: true })).rejects.toThrow(message);
    expect(readdirSync(dataDir)).toEqual(['gateway']);
    await count(store, ['p4'], 3);
    expect(total(store)).toEqual(counted(4));
    await store.close();
  });

  it('refuses what is no snapshot, or of a newer gateway, naming the field', async () => {
    const { dataDir, snapshot, store } = await snapshotOfTwo();
    await store.close();
    const manifest = readManifest(snapshot);
    const attempt = (text: string): Promise<unknown> => {
      writeFileSync(join(snapshot, 'manifest.json'), text);
      return restoreSnapshot(snapshot, dataDir, { force: true });
    };
    await expect(restoreSnapshot(tempDir(), dataDir)).rejects.toThrow(
      /manifest\.json: expected the manifest/,
    );
    await expect(attempt('{')).rejects.toThrow(/manifest\.json: expected the manifest/);
    await expect(attempt(JSON.stringify({ ...manifest, version: 2 }))).rejects.toThrow(/version/);
    await expect(attempt(JSON.stringify({ ...manifest, storeFormat: 99 }))).rejects.toThrow(
      /storeFormat: 99, this gateway knows formats up to 2; take a newer gateway/,
    );
    await expect(attempt(JSON.stringify({ ...manifest, data: { bytes: 1, sha256: 'x' } }))).rejects.toThrow(
      /data\.sha256/,
    );
  });

  it('leaves the store to its gateway when retiring it was refused', async () => {
    const { dataDir, snapshot, store } = await snapshotOfTwo();
    await store.close();
    const retire = () => Promise.reject(new StoreTakenError('in use'));
    await expect(restoreSnapshot(snapshot, dataDir, { force: true, retire })).rejects.toThrow('in use');
    expect(readdirSync(dataDir)).toEqual(['gateway']);
    await retireStore(dataDir);
    const again = openStore(dataDir);
    expect(total(again)).toEqual(counted(3));
    await again.close();
  });
});

function flip(file: string): void {
  const bytes = readFileSync(file);
  bytes[5_000] = (bytes[5_000] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
