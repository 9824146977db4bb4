import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRing } from './ring';

const shapes = fc.record({
  columns: fc.integer({ min: 1, max: 4 }),
  slots: fc.integer({ min: 1, max: 12 }),
  step: fc.constantFrom(1, 5, 10, 60),
});
const additions = fc.array(
  fc.record({
    ahead: fc.integer({ min: 0, max: 40 }),
    behind: fc.integer({ min: 0, max: 40 }),
    column: fc.nat(3),
    amount: fc.integer({ min: 1, max: 1_000 }),
  }),
  { maxLength: 60 },
);

it('sums what a list of every addition would, within its window', () => {
  fc.assert(
    fc.property(shapes, additions, fc.integer({ min: 1, max: 20 }), (shape, list, asked) => {
      const ring = createRing(shape);
      const { columns, slots, step } = shape;
      const stepOf = (second: number) => Math.floor(second / step);
      const all: { second: number; column: number; amount: number }[] = [];
      let now = 1_700_000_000;
      for (const { ahead, behind, column, amount } of list) {
        now += ahead;
        const second = now - behind;
        if (stepOf(now) - stepOf(second) >= slots) continue;
        // So that the slot of `now` is the newest, as when something is added at each moment that is asked about.
        ring.add(now, 0, 0);
        ring.add(second, column % columns, amount);
        all.push({ second, column: column % columns, amount });
      }
      const count = Math.min(asked, slots);
      const within = all.filter(({ second }) => stepOf(now) - stepOf(second) < count);
      const expected = Array.from({ length: columns }, (_, column) =>
        within.filter((one) => one.column === column).reduce((sum, { amount }) => sum + amount, 0),
      );
      expect(ring.sums(now, asked, 0, columns)).toEqual(expected);
      for (const { second, column } of within) {
        const there = within.filter((one) => one.column === column && stepOf(one.second) === stepOf(second));
        expect(ring.at(second, column)).toBe(there.reduce((sum, { amount }) => sum + amount, 0));
      }
    }),
  );
});

it('takes nothing that is older than it reaches, and gives nothing of a later lap', () => {
  const ring = createRing({ columns: 1, slots: 3, step: 1 });
  ring.add(100, 0, 7);
  ring.add(97, 0, 5);
  expect(ring.sums(100, 3, 0, 1)).toEqual([7]);
  expect(ring.at(97, 0)).toBe(0);
  expect(ring.at(103, 0)).toBe(0);
  ring.add(103, 0, 2);
  expect(ring.at(100, 0)).toBe(0);
  expect(ring.at(103, 0)).toBe(2);
});

it('holds nothing once it is cleared, and takes an earlier time again', () => {
  const ring = createRing({ columns: 2, slots: 3, step: 1 });
  ring.add(100, 1, 7);
  ring.clear();
  ring.add(40, 1, 3);
  expect(ring.sums(40, 3, 0, 2)).toEqual([0, 3]);
  expect(ring.sums(100, 3, 0, 2)).toEqual([0, 0]);
});
