import { describe, expect, it } from 'vitest';
import type { Entry } from '../keep/entry';
import type { Keeper } from '../keep/keeper';
import { entryOf, openPage } from '../room.fixture';
import { createBooks } from './books';
import { createOutbox } from './outbox';

function setUp(limits: { readonly batches?: number; readonly bytes?: number } = {}) {
  const { page, environment } = openPage();
  const removed: string[] = [];
  const books = createBooks();
  let erased = 0;
  const keeper = {
    remove: ({ producer, seq }: Entry) => removed.push(`${producer}.${seq}`),
    erase: () => erased++,
  } as unknown as Keeper;
  const outbox = createOutbox({
    environment,
    keeper,
    books,
    limits: { batches: 10, bytes: 1e6, ageMs: 1e9, ...limits },
  });
  const add = (...entries: readonly Entry[]) => {
    for (const entry of entries) outbox.add(entry);
    return entries;
  };
  return {
    page,
    outbox,
    books,
    removed,
    add,
    waiting: () => [...outbox.waiting.keys()],
    erased: () => erased,
  };
}

const seqs = (...list: readonly number[]) => list.map((seq) => entryOf({ seq }));

describe('the outbox', () => {
  it('keeps its order, and adds up what waits', () => {
    const { outbox, add } = setUp();
    add(entryOf({ events: 2, bytes: 80 }), entryOf({ seq: 2, events: 3, bytes: 90 }));
    expect(outbox.sendable(undefined).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(outbox.sum('events')).toBe(5);
    expect(outbox.sum('bytes')).toBe(170);
  });

  it('takes a newer state of an entry in the place of the older one', () => {
    const { outbox, add } = setUp();
    add(entryOf({ events: 2 }), entryOf({ events: 3 }));
    expect(outbox.waiting.size).toBe(1);
    expect(outbox.sum('events')).toBe(3);
  });

  it('drops the least important when there are too many batches, of these the oldest', () => {
    const { books, removed, add, waiting } = setUp({ batches: 2 });
    add(entryOf({ priority: 2 }), ...seqs(2, 3), entryOf({ seq: 4, priority: 0, events: 7 }));
    expect(waiting()).toEqual(['p.1', 'p.3']);
    expect(removed).toEqual(['p.2', 'p.4']);
    expect(books.dropped).toEqual({ overflow: 8 });
  });

  it('drops as many as make room for the bytes', () => {
    const { add, waiting } = setUp({ bytes: 100 });
    add(entryOf({ bytes: 40 }), entryOf({ seq: 2, bytes: 40 }), entryOf({ seq: 3, bytes: 90 }));
    expect(waiting()).toEqual(['p.3']);
  });

  it('does not drop what a request carries at this moment', () => {
    const { outbox, add, waiting } = setUp({ batches: 1 });
    [outbox.held] = add(entryOf({ priority: 0 }));
    add(...seqs(2));
    expect(waiting()).toEqual(['p.1']);
  });

  it("sends a player's batches, and those of nobody, under no other player", () => {
    const { outbox, add } = setUp();
    add(entryOf({ user: 'ann' }), entryOf({ seq: 2, user: 'bob' }), entryOf({ seq: 3 }));
    expect(outbox.sendable('ann').map(({ seq }) => seq)).toEqual([1, 3]);
    expect(outbox.sendable(undefined)).toHaveLength(3);
  });

  it('lets the drops of a dropped batch be reported by another', () => {
    const { outbox, books, add } = setUp();
    const [entry] = add(entryOf({ events: 2, drops: { age: 4 } }));
    if (entry) outbox.drop(entry, 'rejected');
    expect(books.takeUnreported()).toEqual({ rejected: 2, age: 4 });
  });

  it('books a batch once, however often it is dropped or removed', () => {
    const { outbox, books } = setUp();
    const entry = entryOf();
    outbox.add(entry);
    expect(outbox.remove(entry)).toBe(true);
    expect(outbox.remove(entry)).toBe(false);
    outbox.drop(entry, 'age');
    expect(books.dropped).toEqual({});
  });

  it('leaves on the device what it releases', () => {
    const { outbox, removed, add } = setUp();
    const [entry] = add(entryOf());
    expect(entry && outbox.release(entry)).toBe(true);
    expect(removed).toEqual([]);
    expect(outbox.waiting.size).toBe(0);
  });

  it('forgets everything, here and on the device, and says how many events that were', () => {
    const { outbox, add, erased } = setUp();
    add(entryOf({ events: 2 }), entryOf({ seq: 2, events: 3 }));
    expect(outbox.erase()).toBe(5);
    expect(outbox.waiting.size).toBe(0);
    expect(erased()).toBe(1);
  });
});
