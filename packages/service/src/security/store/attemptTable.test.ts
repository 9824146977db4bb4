import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAttemptTable } from './attemptTable';

const WINDOW = 1_000;

describe('the table of attempts', () => {
  it('raises with the attempt that is one too many, and again only a window later', () => {
    const table = createAttemptTable(100);
    const raised = [];
    for (let now = 0; now < 3_000; now += 50) if (table.add('a', 5, WINDOW, now).raised) raised.push(now);
    expect(raised).toEqual([200, 1_200, 2_200]);
  });

  it('slides: what is as old as the window does not count', () => {
    const table = createAttemptTable(100);
    for (const now of [0, 300, 600, 900]) expect(table.add('a', 5, WINDOW, now).raised).toBe(false);
    expect(table.count('a', WINDOW, 999)).toBe(4);
    expect(table.count('a', WINDOW, 1_000)).toBe(3);
    expect(table.add('a', 5, WINDOW, 1_001)).toEqual({ count: 4, raised: false });
    expect(table.add('a', 5, WINDOW, 1_002)).toEqual({ count: 5, raised: true });
  });

  it('does not grow, nor forget who has tried often, under a million addresses', () => {
    const table = createAttemptTable(1_000);
    for (let now = 0; now < 4; now++) table.add('hot', 5, 900_000, now);
    for (let at = 0; at < 1_000_000; at++) table.add(`flood ${at}`, 5, 900_000, 10);
    expect(table.size).toBe(1_000);
    expect(table.add('hot', 5, 900_000, 11)).toEqual({ count: 5, raised: true });
  });

  it('has room for newcomers while all others have tried often', () => {
    const table = createAttemptTable(1_000);
    for (let at = 0; at < 3_000; at++) {
      for (let now = 0; now < 3; now++) table.add(`often ${at}`, 5, 900_000, now);
    }
    for (let at = 0; at < 100; at++) table.add(`new ${at}`, 5, 900_000, 10);
    expect(table.size).toBe(1_000);
    expect(table.count('new 0', 900_000, 11)).toBe(1);
  });

  it('forgets what is over by itself', () => {
    const table = createAttemptTable(1_000);
    for (let at = 0; at < 500; at++) table.add(`old ${at}`, 5, WINDOW, 0);
    table.add('new', 5, WINDOW, WINDOW);
    expect(table.size).toBe(1);
  });

  it('counts as a plain list of times would', () => {
    const steps = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b', 'c'), wait: fc.nat(400), reset: fc.boolean() }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 6 }), (all, limit) => {
        const table = createAttemptTable(50);
        const model = new Map<string, { times: number[]; raisedAt: number }>();
        let now = 0;
        for (const { key, wait, reset } of all) {
          now += wait;
          if (reset && wait % 7 === 0) {
            table.reset(key);
            model.delete(key);
            continue;
          }
          const known = model.get(key) ?? { times: [], raisedAt: Number.NEGATIVE_INFINITY };
          known.times.push(now);
          const count = known.times.filter((time) => now - time < WINDOW).length;
          const raised = count >= limit && now - known.raisedAt >= WINDOW;
          if (raised) known.raisedAt = now;
          model.set(key, known);
          expect(table.add(key, limit, WINDOW, now)).toEqual({ count: Math.min(count, limit), raised });
        }
      }),
    );
  });
});
