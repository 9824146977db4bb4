import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSessionStore } from './sessionStore';

const open = (maxSessions = 10) => createSessionStore({ maxSessions, now: () => Date.UTC(2026, 0, 2) });

describe('createSessionStore', () => {
  it('numbers sessions upwards and racks fifteen balls for the first player', () => {
    const store = open();
    const first = store.create('kolkhoz', ['Anna', 'Boris']);
    expect(first).toMatchObject({
      id: 1,
      turn: 'p1',
      status: 'playing',
      createdAt: '2026-01-02T00:00:00.000Z',
    });
    expect(first.balls).toHaveLength(15);
    expect(store.create('kolkhoz', ['Anna', 'Boris']).id).toBe(2);
  });

  it('lets whoever pots a ball score and go on', () => {
    const store = open();
    const { id } = store.create('kolkhoz', ['Anna', 'Boris', 'Vera']);
    const after = store.pot(id, { playerId: 'p3', ball: 7 });
    expect(after.players.map((player) => player.score)).toEqual([-1, -1, 2]);
    expect(after.turn).toBe('p3');
    expect(after.balls).not.toContain(7);
    expect(store.get(id)).toBe(after);
  });

  it('refuses a ball that is down, a stranger, and a finished game, naming the field', () => {
    const store = open();
    const { id } = store.create('kolkhoz', ['Anna', 'Boris']);
    store.pot(id, { playerId: 'p1', ball: 7 });
    expect(() => store.pot(id, { playerId: 'p1', ball: 7 })).toThrow(
      expect.objectContaining({ statusCode: 409, field: 'ball' }),
    );
    expect(() => store.pot(id, { playerId: 'p9', ball: 8 })).toThrow(
      expect.objectContaining({ statusCode: 400, field: 'playerId' }),
    );
    store.finish(id);
    expect(() => store.pot(id, { playerId: 'p1', ball: 8 })).toThrow(
      expect.objectContaining({ statusCode: 409, field: 'status' }),
    );
    expect(() => store.get(99)).toThrow(expect.objectContaining({ statusCode: 404, field: 'id' }));
  });

  it('ends americanka by itself with the eighth ball', () => {
    const store = open();
    const { id } = store.create('americanka', ['Anna', 'Boris']);
    for (let ball = 1; ball <= 7; ball += 1)
      expect(store.pot(id, { playerId: 'p2', ball }).status).toBe('playing');
    const last = store.pot(id, { playerId: 'p2', ball: 8 });
    expect(last.status).toBe('finished');
    expect(last.result?.winners).toEqual(['p2']);
  });

  it('answers the same result however often a game is finished', () => {
    const store = open();
    const { id } = store.create('kolkhoz', ['Anna', 'Boris']);
    expect(store.finish(id)).toBe(store.finish(id));
  });

  it('lists the newest first, by status where asked, within the limit', () => {
    const store = open();
    for (let made = 0; made < 4; made += 1) store.create('nevskaya', ['Anna', 'Boris']);
    store.finish(2);
    expect(store.list(3).map(({ id }) => id)).toEqual([4, 3, 2]);
    expect(store.list(3, 'finished').map(({ id }) => id)).toEqual([2]);
  });

  it('gives up the oldest finished game first when it is full', () => {
    const store = open(3);
    for (let made = 0; made < 3; made += 1) store.create('kolkhoz', ['Anna', 'Boris']);
    store.finish(2);
    store.create('kolkhoz', ['Anna', 'Boris']);
    expect(store.list(9).map(({ id }) => id)).toEqual([4, 3, 1]);
    store.create('kolkhoz', ['Anna', 'Boris']);
    expect(store.list(9).map(({ id }) => id)).toEqual([5, 4, 3]);
  });

  it('never keeps more than it may', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (finishes) => {
        const store = open(5);
        for (const finish of finishes) {
          const { id } = store.create('kolkhoz', ['Anna', 'Boris']);
          if (finish) store.finish(id);
        }
        expect(store.list(100).length).toBe(Math.min(5, finishes.length));
      }),
    );
  });
});
