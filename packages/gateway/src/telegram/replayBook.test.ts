import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReplayBook } from './replayBook';

function make(capacity?: number) {
  const clock = { at: 0, elapsed: () => clock.at };
  return { clock, book: createReplayBook({ clock, ...(capacity === undefined ? {} : { capacity }) }) };
}

describe('a replay book', () => {
  it('counts like a plain map with times, whatever comes in whatever order', async () => {
    const step = fc.record({
      hash: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      ttl: fc.integer({ min: 1, max: 50 }),
      wait: fc.integer({ min: 0, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 100 }), async (steps) => {
        const { clock, book } = make();
        const model = new Map<string, { uses: number; until: number }>();
        for (const { hash, ttl, wait } of steps) {
          clock.at += wait;
          const known = model.get(hash);
          const live = known && known.until > clock.at ? known : { uses: 0, until: clock.at + ttl };
          model.set(hash, live);
          const limit = 1 + (wait % 4);
          const counted = live.uses < limit;
          expect(await book.use(hash, limit, ttl)).toBe(counted ? live.uses + 1 : limit + 1);
          if (counted) live.uses++;
        }
      }),
    );
  });

  it('lets no two uses at once share a number', async () => {
    const { book } = make();
    const uses = await Promise.all(Array.from({ length: 20 }, () => book.use('a', 10, 1_000)));
    expect(uses.filter((count) => count <= 10)).toHaveLength(10);
  });

  it('forgets the oldest when it is full', async () => {
    const { book } = make(3);
    for (const hash of ['a', 'b', 'c', 'd']) expect(await book.use(hash, 5, 1_000)).toBe(1);
    expect(book.size()).toBe(3);
    expect(await book.use('b', 5, 1_000)).toBe(2);
    expect(await book.use('a', 5, 1_000)).toBe(1);
  });

  it('stays small under any number of launches that expire', async () => {
    const { clock, book } = make();
    let largest = 0;
    for (let at = 0; at < 20_000; at++) {
      clock.at++;
      await book.use(`launch ${at}`, 5, 100);
      largest = Math.max(largest, book.size());
    }
    expect(largest).toBeLessThan(400);
  });
});
