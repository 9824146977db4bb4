import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createActivePages } from './activePages';

const NOW = 1_700_000_000;

it('counts a handful exactly, however often each is heard', () => {
  const pages = createActivePages();
  for (const second of [NOW - 20, NOW - 7, NOW]) {
    for (const producer of ['tab-a', 'tab-b', 'tab-c']) pages.heard(producer, second);
  }
  expect(pages.count(NOW)).toBe(3);
});

it('comes within 10 % of any number up to 50,000', () => {
  // Four standard errors and more: of the seeds below not one may miss.
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50_000 }), fc.nat(1_000_000), (size, seed) => {
      const pages = createActivePages();
      for (let page = 0; page < size; page++) pages.heard(`${seed}-${page}`, NOW - (page % 50));
      expect(Math.abs(pages.count(NOW) - size)).toBeLessThanOrEqual(Math.max(2, size * 0.1));
    }),
    { numRuns: 40, seed: 7 },
  );
});

it('forgets a page after a minute of silence', () => {
  const pages = createActivePages();
  pages.heard('tab-a', NOW);
  pages.heard('tab-b', NOW + 30);
  expect(pages.count(NOW + 54)).toBe(2);
  expect(pages.count(NOW + 66)).toBe(1);
  expect(pages.count(NOW + 200)).toBe(0);
});
