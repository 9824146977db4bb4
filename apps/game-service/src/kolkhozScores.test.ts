import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kolkhozScores } from './kolkhozScores';

const table = fc
  .integer({ min: 2, max: 8 })
  .map((size) => Array.from({ length: size }, (_, index) => `p${index + 1}`))
  .chain((players) =>
    fc.record({
      players: fc.constant(players),
      potters: fc.array(fc.constantFrom(...players), { maxLength: 15 }),
    }),
  );

const sum = (scores: readonly number[]) => scores.reduce((total, score) => total + score, 0);

describe('kolkhozScores', () => {
  it('pays the potter of a ball one point from every other player', () => {
    expect(kolkhozScores(['p1', 'p2', 'p3', 'p4'], ['p2'])).toEqual([-1, 3, -1, -1]);
  });

  it('is even before the first ball', () => {
    expect(kolkhozScores(['p1', 'p2'], [])).toEqual([0, 0]);
  });

  it('passes over a potter who is not at the table', () => {
    expect(kolkhozScores(['p1', 'p2'], ['stranger', 'p1'])).toEqual([1, -1]);
  });

  it('always sums to zero', () => {
    fc.assert(fc.property(table, ({ players, potters }) => sum(kolkhozScores(players, potters)) === 0));
  });

  it('changes by n - 1 for the potter and by -1 for all others with each ball', () => {
    fc.assert(
      fc.property(table, fc.nat(), ({ players, potters }, pick) => {
        const potter = players[pick % players.length] ?? 'p1';
        const before = kolkhozScores(players, potters);
        const after = kolkhozScores(players, [...potters, potter]);
        players.forEach((player, index) => {
          const change = (after[index] ?? Number.NaN) - (before[index] ?? Number.NaN);
          expect(change).toBe(player === potter ? players.length - 1 : -1);
        });
      }),
    );
  });

  it('does not mind the order in which the balls went down', () => {
    fc.assert(
      fc.property(table, ({ players, potters }) => {
        expect(kolkhozScores(players, [...potters].reverse())).toEqual(kolkhozScores(players, potters));
      }),
    );
  });
});
