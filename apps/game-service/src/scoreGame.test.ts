import { describe, expect, it } from 'vitest';
import { scoreGame, standings } from './scoreGame';
import type { Pot } from './session';

const run = (...potters: string[]): Pot[] =>
  potters.map((playerId, index) => ({ playerId, ball: index + 1 }));

describe('scoreGame', () => {
  it('gives one point a ball in americanka, moskovskaya and nevskaya', () => {
    for (const gameType of ['americanka', 'moskovskaya', 'nevskaya'] as const) {
      expect(scoreGame(gameType, ['p1', 'p2'], run('p1', 'p1', 'p2'))).toEqual({
        scores: [2, 1],
        over: false,
      });
    }
  });

  it('ends americanka with the eighth ball of one player, and not with the seventh', () => {
    expect(scoreGame('americanka', ['p1', 'p2'], run(...Array<string>(7).fill('p2'))).over).toBe(false);
    expect(scoreGame('americanka', ['p1', 'p2'], run(...Array<string>(8).fill('p2'))).over).toBe(true);
  });

  it('ends kolkhoz only when the table is clear', () => {
    expect(scoreGame('kolkhoz', ['p1', 'p2'], run(...Array<string>(14).fill('p1'))).over).toBe(false);
    expect(scoreGame('kolkhoz', ['p1', 'p2'], run(...Array<string>(15).fill('p1')))).toEqual({
      scores: [15, -15],
      over: true,
    });
  });
});

describe('standings', () => {
  it('puts the best first and lets equals share a place', () => {
    const players = [1, 4, 4, 0].map((score, index) => ({
      id: `p${index + 1}`,
      name: `n${index + 1}`,
      score,
    }));
    expect(standings(players).map(({ id, place }) => [id, place])).toEqual([
      ['p2', 1],
      ['p3', 1],
      ['p1', 3],
      ['p4', 4],
    ]);
  });
});
