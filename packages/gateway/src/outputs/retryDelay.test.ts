import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryDelay } from './retryDelay';

it('waits somewhere below a bound that doubles from a second up to a minute', () => {
  expect([1, 2, 3, 6, 7, 500].map((attempt) => retryDelay(attempt, () => 1))).toEqual([
    1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
  ]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, luck) => {
        const delay = retryDelay(attempt, () => luck);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(retryDelay(attempt, () => 1));
      },
    ),
  );
});
