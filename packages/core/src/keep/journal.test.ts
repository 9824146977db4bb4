import { describe, expect, it } from 'vitest';
import { createClock } from '../page/clock';
import { createSession } from '../page/session';
import { createScrubber } from '../record/scrubber';
import { openPage } from '../room.fixture';
import { createBooks } from '../send/books';
import type { FakePage, PageOptions } from '../testing/fakeDevice';
import { createUser } from '../user';
import { createCustody } from './custody';
import type { Entry } from './entry';
import { createJournal } from './journal';
import { createKeeper } from './keeper';
import { createLocalCopy } from './localCopy';

function journalOf({ environment }: FakePage) {
  const base = { environment, namespace: 'test', scrub: createScrubber(), report: () => undefined };
  const now = createClock(environment);
  const sealed: (Entry & { readonly hiding: boolean })[] = [];
  const books = createBooks();
  const custody = createCustody(base);
  const localCopy = createLocalCopy({ ...base, owner: custody.producer });
  const keeper = createKeeper({ ...base, localCopy, mayKeep: () => true });
  const user = createUser({ ...base, producer: custody.producer, onUser: undefined });
  const journal = createJournal({
    ...base,
    now,
    books,
    custody,
    keeper,
    user,
    session: createSession({ environment, namespace: 'test', sampleRate: 1 }),
    app: { name: 'billiards' },
    page: () => '/lobby',
    flushInterval: 5_000,
    mayKeep: () => true,
    onSealed: (entry, hiding) => sealed.push({ ...entry, hiding }),
  });
  const tap = (urgent = false) => {
    const key = 'taps_total';
    const point = { name: key, labels: {}, timestamp: now() };
    if (!journal.window.add(key, 1)) journal.window.open(key, true, 1, point);
    journal.recorded(urgent);
  };
  const copied = () => localCopy.read(custody.producer());
  return { journal, books, custody, keeper, user, sealed, tap, copied };
}

function setUp(options: PageOptions = {}) {
  const { page } = openPage(options);
  return { page, ...journalOf(page) };
}

describe('the journal', () => {
  it('seals five seconds after the first event, not after the last', async () => {
    const { page, sealed, tap } = setUp();
    tap();
    await page.advance(4_000);
    tap();
    expect(sealed).toHaveLength(0);
    await page.advance(1_000);
    expect(sealed).toEqual([expect.objectContaining({ seq: 1, events: 2, hiding: false })]);
  });

  it('seals half a second after an urgent event, which is worth more', async () => {
    const { page, sealed, tap } = setUp();
    tap();
    tap(true);
    await page.advance(400);
    expect(sealed).toHaveLength(0);
    await page.advance(100);
    expect(sealed).toEqual([expect.objectContaining({ priority: 2, events: 2 })]);
  });

  it('seals at 100 items, and at 24 KiB, after the task that recorded them', async () => {
    const { journal, sealed } = setUp();
    const add = (message: string) => {
      journal.window.addLog({ level: 'info', message, timestamp: 1 }, true);
      journal.recorded(false);
    };
    for (let i = 0; i < 100; i++) add('a');
    expect(sealed).toEqual([]);
    expect(journal.events()).toBe(100);
    await Promise.resolve();
    expect(sealed.map(({ events }) => events)).toEqual([100]);
    for (let i = 0; i < 6; i++) add('ш'.repeat(2_500));
    await Promise.resolve();
    expect(sealed.map(({ events }) => events)).toEqual([100, 5]);
    expect(sealed[1]?.bytes).toBeLessThan(32_768);
  });

  it('numbers its batches without gaps, from the first event on', async () => {
    const { page, journal, custody, sealed, tap, copied } = setUp();
    tap();
    await page.advance(250);
    expect(copied()).toEqual([expect.objectContaining({ producer: custody.producer(), seq: 1 })]);
    journal.seal();
    journal.seal();
    tap();
    journal.seal();
    expect(sealed.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('has an event on the device within 250 ms', async () => {
    const { page, tap, copied } = setUp();
    await page.advance(1_000);
    tap();
    await page.advance(250);
    expect(copied()).toEqual([expect.objectContaining({ events: 1 })]);
    tap();
    await page.advance(250);
    expect(copied()).toEqual([expect.objectContaining({ events: 2 })]);
  });

  it('has the first event of a burst on the device as soon as its task has ended, and the rest together', async () => {
    const { page, custody, tap, copied } = setUp();
    await custody.known();
    tap();
    tap();
    await page.advance(0);
    expect(copied()).toEqual([expect.objectContaining({ events: 2 })]);
    tap();
    tap();
    await page.advance(100);
    expect(copied()).toEqual([expect.objectContaining({ events: 2 })]);
    await page.advance(150);
    expect(copied()).toEqual([expect.objectContaining({ events: 4 })]);
  });

  it('has an event of a hidden page on the device as soon as its task has ended', async () => {
    const { page, custody, tap, copied } = setUp();
    await custody.known();
    page.document.hidden = true;
    tap();
    await page.advance(0);
    expect(copied()).toHaveLength(1);
  });

  it('seals what it writes where no lock says that the record is its own', async () => {
    const { page, sealed, tap } = setUp({ locks: false });
    tap();
    await page.advance(250);
    tap();
    await page.advance(250);
    expect(sealed.map(({ seq, events }) => [seq, events])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('reports drops with the next batch, and again when that batch comes to nothing', async () => {
    const { page, journal, books, sealed, tap } = setUp();
    books.drop('invalid', 2);
    tap();
    await page.advance(250);
    expect(journal.discard()).toBe(1);
    tap();
    journal.seal();
    expect(sealed.map(({ drops }) => drops)).toEqual([{ invalid: 2 }]);
    tap();
    journal.seal();
    expect(sealed[1]?.drops).toBeUndefined();
  });

  it('drops a window that cannot become text, and only that', () => {
    const { journal, books, sealed, tap } = setUp();
    books.drop('age', 1);
    tap();
    journal.window.addLog({ level: 'info', message: 'a', timestamp: 5n as unknown as number }, true);
    journal.recorded(false);
    journal.seal();
    expect(sealed).toEqual([]);
    expect(books.dropped).toEqual({ age: 1, invalid: 2 });
    tap();
    journal.seal();
    expect(sealed.map(({ drops }) => drops)).toEqual([{ age: 1, invalid: 2 }]);
  });

  it('gives what follows a new producer when the page lives again', async () => {
    const { journal, custody, sealed, tap } = setUp();
    tap();
    const first = custody.producer();
    journal.renew();
    tap();
    journal.seal(true);
    expect(sealed.map(({ producer, seq, hiding }) => [producer === first, seq, hiding])).toEqual([
      [true, 1, false],
      [false, 1, true],
    ]);
  });

  it('links a session to the one before with a line that is no event', async () => {
    const { page, journal, sealed, tap } = setUp();
    tap();
    journal.seal();
    await page.advance(16 * 60_000);
    tap();
    journal.seal();
    const [before, after] = sealed.map(({ body }) => JSON.parse(body));
    expect(after.logs).toEqual([
      expect.objectContaining({
        message: 'Session started',
        fields: { previous_session: before.session },
      }),
    ]);
    expect(sealed[1]?.events).toBe(1);
  });
});
