import { describe, expect, it } from 'vitest';
import { entryOf, openPage } from '../room.fixture';
import type { PageOptions } from '../testing/fakeDevice';
import { createStore } from './store';

function setUp(options: PageOptions = {}) {
  const { device, indexedDB, page, environment } = openPage(options);
  const reports: unknown[] = [];
  let left = false;
  const store = createStore({
    environment,
    namespace: 'test',
    isLeft: () => left,
    report: (code, detail) => reports.push(`${code}: ${detail}`),
  });
  return {
    device,
    indexedDB,
    page,
    store,
    reports,
    leave() {
      left = true;
    },
  };
}

/** Lets `ms` pass, and resolves to what `promise` does. */
const during = async <T>(
  promise: Promise<T>,
  { advance }: { advance(ms: number): Promise<void> },
  ms: number,
) => {
  await advance(ms);
  return promise;
};

describe('the store', () => {
  it('gives back what was put, by key, the newest of each key', async () => {
    const { store } = setUp();
    expect(await store.put([entryOf(), entryOf({ seq: 2 })])).toBe(true);
    expect(await store.put([entryOf({ events: 5 })])).toBe(true);
    expect(await store.all()).toEqual(
      new Map([
        ['p.1', entryOf({ events: 5 })],
        ['p.2', entryOf({ seq: 2 })],
      ]),
    );
    expect(await store.producers()).toEqual(['p', 'p']);
  });

  it('removes one, and clears all', async () => {
    const { store } = setUp();
    await store.put([entryOf(), entryOf({ seq: 2 })]);
    store.remove('p.1');
    expect([...((await store.all()) ?? [])].map(([key]) => key)).toEqual(['p.2']);
    store.clear();
    expect(await store.all()).toEqual(new Map());
  });

  it('opens a connection anew that was closed under it, at once', async () => {
    const { device, store, reports } = setUp();
    await store.put([entryOf()]);
    device.database = 'hangs';
    device.database = 'works';
    expect(await store.put([entryOf({ seq: 2 })])).toBe(true);
    expect(await store.producers()).toHaveLength(2);
    expect(reports).toEqual([]);
  });

  it.each([
    ['fails', 'Connection to Indexed Database server lost'],
    ['hangs', 'no answer'],
  ] as const)('is broken when the database %s twice, and says so', async (how, why) => {
    const { device, page, store, reports } = setUp();
    device.database = how;
    expect(await during(store.put([entryOf()]), page, 6_100)).toBe(false);
    expect(store.broken).toBe(true);
    expect(reports).toEqual([expect.stringContaining(why)]);
    expect(await store.producers()).toEqual([]);
    expect(await store.all()).toBeUndefined();
  });

  it('is tried again five seconds later, not sooner, and works again', async () => {
    const { device, page, store } = setUp();
    device.database = 'fails';
    await store.put([entryOf()]);
    device.database = 'works';
    expect(await store.put([entryOf()])).toBe(false);
    await page.advance(5_000);
    expect(await store.put([entryOf()])).toBe(true);
    expect(store.broken).toBe(false);
  });

  it('is tried at once by a page that lives again', async () => {
    const { device, store } = setUp();
    device.database = 'fails';
    await store.put([entryOf()]);
    device.database = 'works';
    store.reopen();
    expect(store.broken).toBe(false);
    expect(await store.put([entryOf()])).toBe(true);
  });

  it('is not taken for broken when the page is being left', async () => {
    const { device, store, reports, leave } = setUp();
    device.database = 'fails';
    leave();
    expect(await store.put([entryOf()])).toBe(false);
    expect(store.broken).toBe(false);
    expect(reports).toEqual([]);
  });

  it('holds nobody up who deletes the databases of the origin', async () => {
    const { indexedDB, store } = setUp();
    await store.put([entryOf()]);
    const deletion = indexedDB.deleteDatabase('test');
    await new Promise((resolve, reject) => {
      deletion.onsuccess = resolve;
      deletion.onblocked = reject;
    });
    expect(await store.put([entryOf({ seq: 2 })])).toBe(true);
    expect(await store.producers()).toHaveLength(1);
  });

  it('does not reject where there is no database', async () => {
    const { store } = setUp({ indexedDB: undefined });
    expect(await store.put([entryOf()])).toBe(false);
    store.remove('p.1');
    store.clear();
    expect(await store.producers()).toEqual([]);
  });
});
