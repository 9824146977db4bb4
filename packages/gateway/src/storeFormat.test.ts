import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open } from 'lmdb';
import { describe, expect, it } from 'vitest';
import { startGateway, tempDir } from '../fixtures/gateway';
import { type Series, seriesKey } from './series';
import { openStore } from './store';
import { storePath } from './storeFile';

const shots: Series = { kind: 'counter', name: 'shots_total', labels: [['table', 'green']], value: 41 };
const aims: Series = {
  kind: 'histogram',
  name: 'page_load_duration_ms',
  labels: [['page', '/']],
  bounds: [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000],
  counts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  sum: 7,
  count: 1,
};

/** A store as the gateway of format 1 left it. */
async function format1(): Promise<string> {
  const dataDir = tempDir();
  const path = storePath(dataDir);
  mkdirSync(path, { recursive: true });
  const env = open({ path, noSubdir: false, overlappingSync: false });
  const table = (name: string) => env.openDB<unknown, string | number>({ name, encoding: 'json' });
  const meta = env.openDB<number, string>({ name: 'meta', encoding: 'json', useVersions: true });
  meta.putSync('format', 1, 0);
  meta.putSync('owner', 1, 3);
  table('ledger').putSync('p1', { high: 5, ranges: [[7, 7]], at: Date.now() });
  for (const series of [shots, aims]) {
    const key = createHash('sha256').update(seriesKey(series.name, series.labels)).digest('base64url');
    table('series').putSync(key, series);
  }
  const log = { level: 'info', message: 'old', timestamp: 5 };
  table('queue').putSync(12, { kind: 'log', received: 6, producer: 'p1', log });
  await env.close();
  return dataDir;
}

describe('a store of format 1', () => {
  it('becomes the default tenant\u2019s, with its counts, its ledger and its queue', async () => {
    const dataDir = await format1();
    const first = await startGateway({ DATA_DIR: dataDir });
    const send = (seq: number) =>
      first.post({ producer: 'p1', seq, metrics: [{ name: 'shots', labels: { table: 'green' } }] });
    for (const seq of [5, 7]) expect((await send(seq)).body).toMatchObject({ duplicate: true });
    expect((await send(6)).body).toMatchObject({ duplicate: false });
    expect(await first.sample('shots_total{table="green"}')).toBe(42);
    expect(await first.sample('page_load_duration_ms_count{page="/"}')).toBe(1);
    expect(await first.sample('artel_gateway_queue_records')).toBe(1);
    await first.gateway.close();

    const store = openStore(dataDir);
    expect(store.read(0, 9)).toEqual([
      {
        key: 12,
        record: {
          kind: 'log',
          tenant: 'default',
          tier: 'anonymous',
          received: 6,
          producer: 'p1',
          log: { level: 'info', message: 'old', timestamp: 5 },
        },
      },
    ]);
    expect(store.readLedger('default p1')).toMatchObject({ high: 7, ranges: [] });
    expect(store.readLedger('p1')).toBeUndefined();
    await store.close();
  });

  it('is migrated once: a second opening leaves it as it is', async () => {
    const dataDir = await format1();
    for (let opening = 0; opening < 2; opening++) {
      const store = openStore(dataDir);
      expect(store.readSeries('default')).toHaveLength(2);
      expect(store.readLedgerRange(undefined, 9).map(([key]) => key)).toEqual(['default p1']);
      await store.close();
    }
  });
});
