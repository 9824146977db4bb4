import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRanking, OTHERS } from './ranking';

const NOW = 1_700_000_000;

it('gives the most frequent names first', () => {
  const ranking = createRanking({ columns: 2, room: 10 });
  ranking.add('shot', NOW - 200, [2, 0]);
  ranking.add('shot', NOW, [3, 1]);
  ranking.add('foul', NOW, [4, 4]);
  ranking.add('idle', NOW, [0, 9]);
  expect(ranking.top(NOW, 10)).toEqual([
    { name: 'shot', sums: [5, 1] },
    { name: 'foul', sums: [4, 4] },
  ]);
  expect(ranking.top(NOW, 1)).toHaveLength(1);
});

it('loses nothing to names that have no room, and never has more than its room and one', () => {
  const names = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 9 })), { maxLength: 200 });
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 20 }), (list, room) => {
      const ranking = createRanking({ columns: 1, room });
      for (const [name, amount] of list) ranking.add(`n${name}`, NOW, [amount]);
      const all = ranking.top(NOW, 1_000);
      expect(all.length).toBeLessThanOrEqual(room + 1);
      const sum = all.reduce((total, { sums: [first = 0] }) => total + first, 0);
      expect(sum).toBe(list.reduce((total, [, amount]) => total + amount, 0));
    }),
  );
});

it('gives the room of a name that has gone silent to a new one', () => {
  const ranking = createRanking({ columns: 1, room: 1 });
  ranking.add('old', NOW, [1]);
  ranking.add('early', NOW + 100, [1]);
  expect(ranking.top(NOW + 100, 5).map(({ name }) => name)).toEqual([OTHERS, 'old']);
  ranking.add('new', NOW + 310, [1]);
  expect(ranking.top(NOW + 310, 5).map(({ name }) => name)).toEqual([OTHERS, 'new']);
});
