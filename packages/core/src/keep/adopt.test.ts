import { describe, expect, it } from 'vitest';
import { entryOf, openPage } from '../room.fixture';
import { createBooks } from '../send/books';
import { createOutbox } from '../send/outbox';
import type { FakePage, PageOptions } from '../testing/fakeDevice';
import { createAdoption } from './adopt';
import { createCustody } from './custody';
import { createKeeper } from './keeper';
import { createLeases } from './lease';
import { createLocalCopy } from './localCopy';
import { createStore } from './store';

/** The rooms that keep entries, on one page. */
function roomsOf({ environment }: FakePage) {
  const base = { environment, namespace: 'test' };
  let maySend = true;
  const custody = createCustody(base);
  const localCopy = createLocalCopy({ ...base, owner: custody.producer });
  const store = createStore({ ...base, isLeft: custody.isReleased, report: () => undefined });
  const keeper = createKeeper({ ...base, localCopy, mayKeep: () => maySend });
  const books = createBooks();
  const limits = { batches: 100, bytes: 1e6, ageMs: 1e9 };
  const outbox = createOutbox({ ...base, keeper, books, limits });
  const leases = createLeases(base);
  const rooms = { custody, localCopy, store, keeper, books, outbox, leases, maySend: () => maySend };
  keeper.attach(store);
  return {
    ...rooms,
    adoption: createAdoption(rooms),
    waiting: () => [...outbox.waiting.keys()],
    stop() {
      maySend = false;
    },
  };
}

/** A page that has died, and left what `leave` stores under its own producer; and the next one. */
async function setUp(
  leave: (rooms: ReturnType<typeof roomsOf>, producer: string) => unknown,
  options: PageOptions = {},
) {
  const opened = openPage(options);
  const dead = roomsOf(opened.page);
  await dead.custody.known();
  const producer = dead.custody.producer();
  await leave(dead, producer);
  const page = opened.device.openPage(options);
  return { ...opened, dead, deadPage: opened.page, page, producer, ...roomsOf(page) };
}

describe('adoption', () => {
  it('takes over what a dead page has stored, in the order of its making', async () => {
    const { adoption, books, producer, waiting, deadPage } = await setUp(({ store }, producer) =>
      store.put([
        entryOf({ producer, seq: 10, at: 3 }),
        entryOf({ producer, seq: 2, at: 2 }),
        entryOf({ producer, seq: 1, at: 1, events: 5 }),
      ]),
    );
    deadPage.kill();
    expect(await adoption.adopt()).toBe(false);
    expect(waiting()).toEqual([`${producer}.1`, `${producer}.2`, `${producer}.10`]);
    expect(books).toMatchObject({ emitted: 7, adopted: 7 });
  });

  it('leaves what a living page has stored, and says that there may be more later', async () => {
    const { adoption, waiting } = await setUp(({ store }, producer) => store.put([entryOf({ producer })]));
    expect(await adoption.adopt()).toBe(true);
    expect(waiting()).toEqual([]);
  });

  it('takes the copy that a page made while dying for newer than what it stored, and erases it', async () => {
    const { device, adoption, outbox, store, producer, deadPage } = await setUp(async (rooms, producer) => {
      await rooms.store.put([entryOf({ producer, events: 1 })]);
      rooms.localCopy.write([entryOf({ producer, events: 3, counts: [[3], [], []] })]);
    });
    deadPage.kill();
    await adoption.adopt();
    expect(outbox.sum('events')).toBe(3);
    expect(Object.keys(device.localStorage)).toEqual([]);
    expect((await store.all())?.get(`${producer}.1`)).toMatchObject({ events: 3 });
  });

  it('takes entries that a dead page had taken from another', async () => {
    const { adoption, waiting, deadPage } = await setUp(({ localCopy }) =>
      localCopy.write([entryOf({ producer: 'earlier' })]),
    );
    deadPage.kill();
    await adoption.adopt();
    expect(waiting()).toEqual(['earlier.1']);
  });

  it('keeps the copies as its own where the database does not work', async () => {
    const { device, adoption, custody, localCopy, waiting, deadPage } = await setUp((rooms, producer) =>
      rooms.localCopy.write([entryOf({ producer })]),
    );
    deadPage.kill();
    device.database = 'fails';
    expect(await adoption.adopt()).toBe(true);
    expect(waiting()).toHaveLength(1);
    expect(localCopy.owners()).toEqual([custody.producer()]);
    expect(localCopy.read(custody.producer())).toHaveLength(1);
  });

  it('reads what it has claimed as soon as the database answers', async () => {
    const { device, page, adoption, waiting, deadPage } = await setUp(async (rooms, producer) => {
      await rooms.store.put([entryOf({ producer })]);
      rooms.localCopy.write([entryOf({ producer, seq: 2 })]);
    });
    deadPage.kill();
    device.database = 'fails';
    expect(await adoption.adopt()).toBe(true);
    expect(waiting()).toHaveLength(1);
    device.database = 'works';
    await page.advance(6_000);
    expect(await adoption.adopt()).toBe(false);
    expect(waiting()).toHaveLength(2);
  });

  it('removes and counts a record that nobody can read', async () => {
    const { adoption, books, store, waiting, deadPage } = await setUp(({ store }, producer) =>
      store.put([entryOf({ producer, events: Number.NaN }), entryOf({ producer, seq: 2 })]),
    );
    deadPage.kill();
    await adoption.adopt();
    expect(waiting()).toHaveLength(1);
    expect(books).toMatchObject({ emitted: 2, adopted: 1, dropped: { invalid: 1 } });
    expect((await store.all())?.size).toBe(1);
  });

  it('takes the entries of a copy, and nothing else that is in it', async () => {
    const { device, adoption, producer, waiting, deadPage } = await setUp(() => undefined);
    const copy = [null, 5, entryOf({ producer }), { seq: 2 }];
    device.localStorage.setItem(`test:${producer}`, JSON.stringify(copy));
    deadPage.kill();
    await adoption.adopt();
    expect(waiting()).toEqual([`${producer}.1`]);
    expect(Object.keys(device.localStorage)).toEqual([]);
  });

  it('adopts each batch once', async () => {
    const { adoption, books, deadPage } = await setUp(({ store }, producer) =>
      store.put([entryOf({ producer })]),
    );
    deadPage.kill();
    await Promise.all([adoption.adopt(), adoption.adopt()]);
    await adoption.adopt();
    expect(books).toMatchObject({ emitted: 1, adopted: 1 });
  });

  it('adopts and erases nothing once the client has stopped', async () => {
    const { device, adoption, stop, waiting, deadPage } = await setUp((rooms, producer) =>
      rooms.localCopy.write([entryOf({ producer })]),
    );
    deadPage.kill();
    const adopting = adoption.adopt();
    stop();
    expect(await adopting).toBe(false);
    expect(waiting()).toEqual([]);
    expect(Object.keys(device.localStorage)).toHaveLength(1);
  });

  it('waits without locks until the lease of the dead page has run out', async () => {
    const { adoption, page, waiting, deadPage } = await setUp(
      async ({ store, leases }, producer) => {
        leases.hold(producer);
        await store.put([entryOf({ producer })]);
      },
      { locks: false },
    );
    deadPage.kill();
    expect(await adoption.adopt()).toBe(true);
    await page.advance(61_000);
    expect(await adoption.adopt()).toBe(false);
    expect(waiting()).toHaveLength(1);
  });

  it('gives back what is on the device when the page sleeps, and keeps what is not', async () => {
    const { adoption, books, keeper, outbox, waiting, deadPage } = await setUp(({ store }, producer) =>
      store.put([entryOf({ producer, events: 2 })]),
    );
    deadPage.kill();
    await adoption.adopt();
    const own = entryOf({ producer: 'own' });
    void keeper.put([own]);
    outbox.add(own);
    books.emitted++;
    adoption.release();
    expect(waiting()).toEqual(['own.1']);
    expect(books.emitted).toBe(1);
  });
});
