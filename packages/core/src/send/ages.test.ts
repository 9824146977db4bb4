import { describe, expect, it } from 'vitest';
import type { Entry } from '../keep/entry';
import type { Keeper } from '../keep/keeper';
import { entryOf, openPage } from '../room.fixture';
import { createAges } from './ages';
import { createBooks } from './books';
import { createOutbox } from './outbox';

const HOUR = 3_600_000;

function setUp() {
  const { device, page, environment } = openPage();
  const stored: Entry[] = [];
  const keeper = {
    remove: () => undefined,
    put: async (entries: readonly Entry[]) => void stored.push(...structuredClone(entries)),
  } as unknown as Keeper;
  const books = createBooks();
  const limits = { batches: 10, bytes: 1e6, ageMs: 5 * HOUR };
  const outbox = createOutbox({ environment, keeper, books, limits });
  const ages = createAges({ environment, outbox, keeper, ageMs: limits.ageMs });
  return { device, page, ages, outbox, books, stored };
}

describe('the age of a batch', () => {
  it('is the time that pages have waited with it', async () => {
    const { page, ages, outbox, books } = setUp();
    outbox.add(entryOf({ waited: 3 * HOUR, events: 2 }));
    outbox.add(entryOf({ seq: 2 }));
    await page.advance(2 * HOUR);
    ages.dropOld();
    expect(books.dropped).toEqual({});
    await page.advance(1);
    ages.dropOld();
    expect(books.dropped).toEqual({ age: 2 });
    expect([...outbox.waiting.keys()]).toEqual(['p.2']);
  });

  it('does not depend on the device clock', async () => {
    const { device, ages, outbox, books } = setUp();
    outbox.add(entryOf({ at: 0 }));
    device.clockSkew = 400 * 24 * HOUR;
    ages.dropOld();
    expect(books.dropped).toEqual({});
  });

  it('drops nothing that a request carries at this moment', async () => {
    const { page, ages, outbox } = setUp();
    outbox.add(entryOf());
    [outbox.held] = outbox.sendable(undefined);
    await page.advance(6 * HOUR);
    ages.dropOld();
    expect(outbox.waiting.size).toBe(1);
  });

  it('is stored for the next page once it has grown by an hour, and counted once', async () => {
    const { page, ages, outbox, books, stored } = setUp();
    outbox.add(entryOf());
    await page.advance(HOUR - 1);
    ages.save();
    expect(stored).toEqual([]);
    await page.advance(1);
    ages.save();
    ages.save();
    expect(stored.map(({ waited }) => waited)).toEqual([HOUR]);
    await page.advance(4 * HOUR);
    ages.dropOld();
    expect(books.dropped).toEqual({});
  });
});
