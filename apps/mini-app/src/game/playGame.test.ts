import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openGame, passTurn, potBall, standings } from './playGame';
import { gameTypes, type Session } from './session';

const names = ['Anna', 'Boris', 'Vera', 'Gleb'];
const open = (gameType: Session['gameType'], players = names) =>
  openGame('1', gameType, players, '2026-01-02');
const play = (session: Session, balls: readonly number[]) =>
  balls.reduce((game, ball) => potBall(game, ball) ?? game, session);

describe('potBall', () => {
  it('pays the potter one point from every other player in kolkhoz', () => {
    expect(potBall(open('kolkhoz'), 5)?.players.map(({ score }) => score)).toEqual([3, -1, -1, -1]);
  });

  it('counts balls in the other games and ends them with the eighth', () => {
    const seven = play(open('nevskaya'), [1, 2, 3, 4, 5, 6, 7]);
    expect(seven).toMatchObject({ status: 'playing', players: [{ score: 7 }, { score: 0 }, {}, {}] });
    expect(potBall(seven, 8)?.status).toBe('finished');
  });

  it('pots each ball once, and none of a finished game', () => {
    const once = play(open('kolkhoz'), [5]);
    expect(potBall(once, 5)).toBeUndefined();
    expect(potBall(once, 16)).toBeUndefined();
    expect(potBall({ ...once, status: 'finished' }, 6)).toBeUndefined();
  });

  it('keeps the sum of kolkhoz at zero, whatever is potted and missed', () => {
    const shots = fc.array(fc.option(fc.integer({ min: 1, max: 15 }), { nil: 'miss' as const }), {
      maxLength: 40,
    });
    const seats = fc
      .integer({ min: 2, max: 8 })
      .map((count) => Array.from({ length: count }, (_, at) => `n${at}`));
    fc.assert(
      fc.property(seats, shots, (players, run) => {
        const end = run.reduce<Session>(
          (game, shot) => (shot === 'miss' ? passTurn(game) : (potBall(game, shot) ?? game)),
          open('kolkhoz', players),
        );
        expect(end.players.reduce((sum, { score }) => sum + score, 0)).toBe(0);
      }),
    );
  });

  it('finishes every game when the table is clear', () => {
    for (const gameType of gameTypes) {
      const balls = Array.from({ length: 15 }, (_, index) => index + 1);
      expect(play(open(gameType), balls).status).toBe('finished');
    }
  });
});

describe('passTurn', () => {
  it('goes round the table', () => {
    let game = open('kolkhoz', ['Anna', 'Boris']);
    const turns = [1, 2, 3].map(() => {
      game = passTurn(game);
      return game.turn;
    });
    expect(turns).toEqual(['p2', 'p1', 'p2']);
  });
});

describe('standings', () => {
  it('puts the best first and lets equals share a place', () => {
    const players = [-1, 2, 2, -3].map((score, index) => ({ id: `p${index + 1}`, name: 'n', score }));
    expect(standings(players).map(({ id, place }) => `${id}:${place}`)).toEqual([
      'p2:1',
      'p3:1',
      'p1:3',
      'p4:4',
    ]);
  });
});
