import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from 'lmdb';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../fixtures/gateway';
import { type Changes, openStore, StoreTakenError } from './store';

const nothing: Changes = {
  ledger: new Map(),
  series: [],
  enqueue: [],
  enqueueAt: 1,
  dequeue: [1, 1],
  cursors: new Map(),
  forget: [],
};

describe('the store', () => {
  it('refuses a format newer than its own, and leaves it as it is', async () => {
    const dataDir = tempDir();
    await openStore(dataDir).close();
    const env = open({ path: join(dataDir, 'gateway'), noSubdir: false, overlappingSync: false });
    env
      .openDB<number, string>({ name: 'meta', encoding: 'json', useVersions: true })
      .putSync('format', 99, 0);
    await env.close();
    for (let i = 0; i < 2; i++) {
      expect(() => openStore(dataDir)).toThrow(
        /has format 99, this gateway knows formats up to 2; take a newer gateway/,
      );
    }
  });

  it('refuses a file that is no store', async () => {
    const dataDir = tempDir();
    await mkdir(join(dataDir, 'gateway'));
    writeFileSync(join(dataDir, 'gateway', 'data.mdb'), 'this was never a store, and it shall not be one');
    expect(() => openStore(dataDir)).toThrow(/DATA_DIR: .*data\.mdb is not a store/);
  });

  it('fences off the gateway that had it before', async () => {
    const dataDir = tempDir();
    const older = openStore(dataDir);
    const entry = { high: 1, ranges: [], at: 1 };
    await older.commit({ ...nothing, ledger: new Map([['p1', entry]]) });
    const newer = openStore(dataDir);
    await expect(older.commit({ ...nothing, ledger: new Map([['p2', entry]]) })).rejects.toThrow(
      StoreTakenError,
    );
    await expect(older.probe()).rejects.toThrow(StoreTakenError);
    await newer.commit({ ...nothing, ledger: new Map([['p3', entry]]) });
    expect(newer.readLedger('p1')).toEqual(entry);
    expect(newer.readLedger('p2')).toBeUndefined();
    expect(newer.readLedger('p3')).toEqual(entry);
    await newer.close();
    await older.close().catch(() => {});
  });

  it('tells of a producer what was written last, and nothing once it is forgotten', async () => {
    const dataDir = tempDir();
    const store = openStore(dataDir);
    const entryOf = (high: number) => ({ high, ranges: [], at: 1 });
    const write = (ledger: [string, ReturnType<typeof entryOf>][], forget: string[] = []) =>
      store.commit({ ...nothing, ledger: new Map(ledger), forget });
    await write([['p1', entryOf(1)]]);
    await write([
      ['p1', entryOf(2)],
      ['p2', entryOf(7)],
    ]);
    expect(store.readLedger('p1')).toEqual(entryOf(2));
    await write([], ['p1']);
    expect(store.readLedger('p1')).toBeUndefined();
    // More than it keeps in memory: the first is read from the disk again.
    await write(Array.from({ length: 20_001 }, (_, page) => [`q${page}`, entryOf(page)]));
    expect(store.readLedger('p2')).toEqual(entryOf(7));
    expect(store.readLedger('q20000')).toEqual(entryOf(20_000));
    await store.close();
  });

  it('does not take a commit that failed for one that was written', async () => {
    const dataDir = tempDir();
    const older = openStore(dataDir);
    const newer = openStore(dataDir);
    const ledger = new Map([['p1', { high: 1, ranges: [], at: 1 }]]);
    await expect(older.commit({ ...nothing, ledger })).rejects.toThrow(StoreTakenError);
    expect(older.readLedger('p1')).toBeUndefined();
    await newer.close();
    await older.close().catch(() => {});
  });

  it('keeps apart the series that share their labels, and those of two tenants', async () => {
    const dataDir = tempDir();
    const store = openStore(dataDir);
    const labels = [['overflow', 'true']] as const;
    const one = (name: string, value: number) => ({ kind: 'counter', name, labels, value }) as const;
    const series = [
      { tenant: 'a/b', series: one('shots_total', 1) },
      { tenant: 'a/b', series: one('hits_total', 2) },
      { tenant: 'c/d', series: one('shots_total', 3) },
    ];
    for (let time = 0; time < 2; time++) await store.commit({ ...nothing, series });
    const byValue = (tenant: string) => store.readSeries(tenant).map((each) => 'value' in each && each.value);
    expect(byValue('a/b').sort()).toEqual([1, 2]);
    expect(byValue('c/d')).toEqual([3]);
    await store.close();
  });

  it('keeps a series whose labels are longer than a key of LMDB', async () => {
    const dataDir = tempDir();
    const store = openStore(dataDir);
    const labels = Array.from({ length: 16 }, (_, i) => [`l${i}`, '\u4e2d'.repeat(256)] as const);
    const series = { kind: 'counter', name: 'shots_total', labels, value: 1 } as const;
    await store.commit({ ...nothing, series: [{ tenant: 'default', series }] });
    await store.close();
    const again = openStore(dataDir);
    expect(again.readSeries('default')).toEqual([series]);
    await again.close();
  });
});
