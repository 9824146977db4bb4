import { describe, expect, it } from 'vitest';
import type { Keeper } from '../keep/keeper';
import { entryOf, openPage } from '../room.fixture';
import { createTrouble } from '../trouble';
import type { User } from '../user';
import type { Ages } from './ages';
import { createBooks } from './books';
import { createOutbox } from './outbox';
import { createSender } from './sender';
import type { TokenSource } from './token';
import type { Outcome } from './transport';

const acknowledged: Outcome = { kind: 'acknowledged', rejected: 0 };
const retry: Outcome = { kind: 'retry', reason: 'unreachable', after: 0 };

function setUp(...outcomes: readonly (Outcome | Error | (() => Outcome))[]) {
  const { page, environment } = openPage();
  const queue = [...outcomes];
  const posted: number[] = [];
  const steps: string[] = [];
  let maySend = true;
  let aborted = 0;
  const books = createBooks();
  const keeper = { remove: () => undefined } as unknown as Keeper;
  const limits = { batches: 10, bytes: 1e6, ageMs: 1e9 };
  const outbox = createOutbox({ environment, keeper, books, limits });
  const user = { id: undefined } as User;
  const trouble = createTrouble({ console: environment.console, debug: true });
  const sender = createSender({
    environment,
    outbox,
    books,
    user,
    trouble,
    maySend: () => maySend,
    tokens: { refresh: async () => void steps.push('token') } as unknown as TokenSource,
    ages: { dropOld: () => void steps.push('ages') } as unknown as Ages,
    transport: {
      async post({ seq }) {
        posted.push(seq);
        steps.push('post');
        const outcome = queue.shift() ?? acknowledged;
        if (typeof outcome === 'function') return outcome();
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
      abort: () => aborted++,
    },
  });
  const add = (...seqs: readonly number[]) => {
    for (const seq of seqs) outbox.add(entryOf({ seq, events: 2 }));
    books.emitted += 2 * seqs.length;
  };
  return {
    page,
    sender,
    outbox,
    books,
    user,
    trouble,
    posted,
    steps,
    add,
    aborted: () => aborted,
    forbid() {
      maySend = false;
    },
  };
}

describe('the sender', () => {
  it('empties the outbox, one request at a time, each after its token', async () => {
    const { page, sender, outbox, books, posted, steps, add } = setUp();
    add(1, 2);
    sender.kick();
    sender.kick();
    await page.advance(0);
    expect(posted).toEqual([1, 2]);
    expect(steps).toEqual(['token', 'ages', 'post', 'token', 'ages', 'post']);
    expect(outbox.waiting.size).toBe(0);
    expect(books.acknowledged).toBe(4);
  });

  it('tries again after a failure, ever later, and keeps the order', async () => {
    const { page, sender, posted, add } = setUp(retry, retry, retry);
    add(1, 2);
    sender.kick();
    await page.advance(7_000);
    expect(posted).toEqual([1, 1, 1, 1, 2]);
  });

  it('says why, until an attempt succeeds', async () => {
    const { page, sender, trouble, add } = setUp(retry);
    add(1);
    sender.kick();
    await page.advance(0);
    expect(trouble.lastError).toBe('unreachable');
    expect(page.warnings).toEqual([expect.stringContaining('events are not delivered: unreachable')]);
    await page.advance(1_000);
    expect(trouble.lastError).toBeUndefined();
  });

  it('is not hurried by new events while it waits, but by flush', async () => {
    const { page, sender, posted, add } = setUp({ ...retry, after: 0 });
    add(1);
    sender.kick();
    await page.advance(0);
    add(2);
    sender.kick();
    await page.advance(0);
    expect(posted).toEqual([1]);
    await sender.flush();
    expect(posted).toEqual([1, 1, 2]);
  });

  it('comes no sooner than Retry-After, not even for flush', async () => {
    const { page, sender, posted, add } = setUp({ ...retry, after: 30_000 });
    add(1);
    sender.kick();
    await page.advance(29_000);
    await sender.flush();
    expect(posted).toEqual([1]);
    await page.advance(1_100);
    expect(posted).toEqual([1, 1]);
  });

  it('flushes what was added while a request was in flight', async () => {
    const { sender, outbox, add } = setUp();
    add(1);
    sender.kick();
    const flushed = sender.flush();
    add(2);
    await flushed;
    expect(outbox.waiting.size).toBe(0);
  });

  it('ends a flush at the first failure', async () => {
    const { sender, posted, add } = setUp(retry);
    add(1, 2);
    await sender.flush();
    expect(posted).toEqual([1]);
  });

  it('drops a batch that is refused, and goes on', async () => {
    const { page, sender, books, posted, trouble, add } = setUp({ kind: 'refused', reason: '403 no' });
    add(1, 2);
    sender.kick();
    await page.advance(0);
    expect(posted).toEqual([1, 2]);
    expect(books).toMatchObject({ acknowledged: 2, dropped: { rejected: 2 } });
    expect(page.warnings[0]).toContain('403 no');
    expect(trouble.lastError).toBeUndefined();
  });

  it('books the events that the gateway refused, and says so', async () => {
    const { page, sender, books, add } = setUp({ kind: 'acknowledged', rejected: 1 });
    add(1);
    sender.kick();
    await page.advance(0);
    expect(books).toMatchObject({ acknowledged: 1, dropped: { rejected: 1 } });
    expect(page.warnings).toEqual([expect.stringContaining('the gateway refused 1 events of a batch')]);
  });

  it('survives what should never throw', async () => {
    const { page, sender, outbox, add } = setUp(new Error('a bug'), new Error('again'));
    add(1);
    sender.kick();
    await page.advance(10_000);
    expect(outbox.waiting.size).toBe(0);
  });

  it('books nothing that was taken away from it while the request was in flight', async () => {
    const { page, sender, outbox, books, posted, add } = setUp(() => {
      for (const { entry } of outbox.waiting.values()) outbox.release(entry);
      return acknowledged;
    });
    add(1);
    sender.kick();
    await page.advance(0);
    expect(posted).toEqual([1]);
    expect(books.acknowledged).toBe(0);
  });

  it('leaves the outbox to beacons for three seconds', async () => {
    const { page, sender, posted, add } = setUp();
    add(1);
    sender.defer();
    sender.kick();
    await page.advance(2_900);
    expect(posted).toEqual([]);
    await page.advance(200);
    expect(posted).toEqual([1]);
  });

  it('sends nothing more once it is stopped, or may not', async () => {
    const { page, sender, posted, add, aborted, forbid } = setUp(retry);
    add(1);
    sender.kick();
    await page.advance(0);
    sender.stop();
    expect(aborted()).toBe(1);
    await page.advance(60_000);
    expect(posted).toEqual([1]);
    forbid();
    await sender.flush();
    expect(posted).toEqual([1]);
  });

  it("waits with another player's batches until that player returns", async () => {
    const { page, sender, outbox, user, posted } = setUp();
    outbox.add(entryOf({ user: 'ann' }));
    user.id = 'bob';
    sender.kick();
    await page.advance(60_000);
    expect(posted).toEqual([]);
    user.id = 'ann';
    sender.kick();
    await page.advance(0);
    expect(posted).toEqual([1]);
  });
});
