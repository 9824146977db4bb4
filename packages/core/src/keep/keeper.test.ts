import { describe, expect, it } from 'vitest';
import { entryOf, openPage } from '../room.fixture';
import { createKeeper } from './keeper';
import { createLocalCopy } from './localCopy';
import { createStore } from './store';

function setUp() {
  const { device, page, environment } = openPage();
  let mayKeep = true;
  const localCopy = createLocalCopy({ environment, namespace: 'test', owner: () => 'p' });
  const store = createStore({ environment, namespace: 'test', isLeft: () => false, report: () => undefined });
  const keeper = createKeeper({ environment, localCopy, mayKeep: () => mayKeep });
  const copied = () => localCopy.read('p').map((entry) => Object(entry).seq);
  const stored = async () => [...((await store.all()) ?? [])].map(([key]) => key);
  return {
    device,
    page,
    keeper,
    localCopy,
    store,
    copied,
    stored,
    forbid() {
      mayKeep = false;
    },
  };
}

describe('the keeper', () => {
  it('copies to localStorage what there is no database for yet, and moves it over', async () => {
    const { keeper, store, copied, stored } = setUp();
    await keeper.put([entryOf()]);
    expect(copied()).toEqual([1]);
    expect(keeper.storage()).toBe('localstorage');
    keeper.attach(store);
    await keeper.put([entryOf({ seq: 2 })]);
    expect(await stored()).toEqual(['p.1', 'p.2']);
    expect(copied()).toEqual([]);
    expect(keeper.unconfirmed.size).toBe(0);
    expect(keeper.storage()).toBe('indexeddb');
  });

  it('makes no copy while the database answers', async () => {
    const { device, keeper, store } = setUp();
    keeper.attach(store);
    await keeper.put([entryOf()]);
    keeper.copy();
    expect(Object.keys(device.localStorage)).toEqual([]);
  });

  it('copies at once what a page that may die has not confirmed', () => {
    const { keeper, store, copied } = setUp();
    keeper.attach(store);
    void keeper.put([entryOf()]);
    expect(copied()).toEqual([]);
    keeper.copy();
    expect(copied()).toEqual([1]);
  });

  it('copies at once what is put so, until the database has confirmed it', async () => {
    const { keeper, store, copied } = setUp();
    keeper.attach(store);
    const done = keeper.put([entryOf()], true);
    expect(copied()).toEqual([1]);
    await done;
    expect(copied()).toEqual([]);
  });

  it('never has a copy that is older than the database', () => {
    const { keeper, store, localCopy } = setUp();
    keeper.attach(store);
    void keeper.put([entryOf()], true);
    void keeper.put([entryOf({ events: 2 })]);
    expect(localCopy.read('p')).toEqual([expect.objectContaining({ events: 2 })]);
  });

  it('copies what a database that hangs has not confirmed after 100 ms', async () => {
    const { device, page, keeper, store, copied } = setUp();
    keeper.attach(store);
    device.database = 'hangs';
    void keeper.put([entryOf()]);
    await page.advance(90);
    expect(copied()).toEqual([]);
    await page.advance(20);
    expect(copied()).toEqual([1]);
  });

  it('gives a database that works again all that has waited in the copy', async () => {
    const { device, page, keeper, store, copied, stored } = setUp();
    keeper.attach(store);
    device.database = 'fails';
    await keeper.put([entryOf()]);
    expect(copied()).toEqual([1]);
    device.database = 'works';
    await page.advance(6_000);
    await keeper.put([entryOf({ seq: 2 })]);
    expect(copied()).toEqual([]);
    expect(await stored()).toEqual(['p.1', 'p.2']);
  });

  it('takes a newer state of an entry for unconfirmed, though an older one is confirmed', async () => {
    const { keeper, store } = setUp();
    keeper.attach(store);
    const older = keeper.put([entryOf()]);
    const newer = entryOf({ events: 2 });
    const later = keeper.put([newer]);
    await older;
    expect([...keeper.unconfirmed.values()]).toEqual([newer]);
    await later;
    expect(keeper.unconfirmed.size).toBe(0);
  });

  it('removes an entry wherever it is', async () => {
    const { keeper, store, copied, stored } = setUp();
    await keeper.put([entryOf(), entryOf({ seq: 2 })]);
    keeper.remove(entryOf());
    expect(copied()).toEqual([2]);
    keeper.attach(store);
    keeper.remove(entryOf({ seq: 2 }));
    expect(copied()).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it('writes nothing before it may, and keeps in memory what waits', async () => {
    const { device, keeper, store, stored, forbid } = setUp();
    forbid();
    keeper.attach(store);
    await keeper.put([entryOf()]);
    keeper.copy();
    expect(Object.keys(device.localStorage)).toEqual([]);
    expect(await stored()).toEqual([]);
    expect(keeper.unconfirmed.size).toBe(1);
  });

  it("erases everything, other pages' copies too", async () => {
    const { device, keeper, store, stored } = setUp();
    keeper.attach(store);
    await keeper.put([entryOf()]);
    device.localStorage.setItem('test:other', '[]');
    void keeper.put([entryOf({ seq: 2 })]);
    keeper.copy();
    keeper.erase();
    expect(Object.keys(device.localStorage)).toEqual([]);
    expect(await stored()).toEqual([]);
    expect(keeper.unconfirmed.size).toBe(0);
  });

  it('says that only memory is left when neither works', async () => {
    const { device, keeper, store } = setUp();
    keeper.attach(store);
    device.database = 'fails';
    device.quota = 'full';
    await keeper.put([entryOf()]);
    expect(keeper.storage()).toBe('memory');
  });
});
