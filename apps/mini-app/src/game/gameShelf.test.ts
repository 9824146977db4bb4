import { expect, it } from 'vitest';
import { createGameShelf } from './gameShelf';
import { openGame } from './playGame';

function setUp(kept?: unknown) {
  const items = new Map(kept === undefined ? [] : [['artel-billiards/games', JSON.stringify(kept)]]);
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
    clear: () => items.clear(),
    key: () => null,
    length: 0,
  };
  let keys = 0;
  return createGameShelf(
    () => storage,
    () => `new-key-${++keys}`,
  );
}

const session = openGame('42', 'kolkhoz', ['Anna', 'Boris'], '2026-01-02');

it('keeps a command with its key over a reload, so that it is sent again under the same', () => {
  const shelf = setUp();
  const pending = [{ verb: 'pot', playerId: 'p1', ball: 3, key: 'key-of-the-tap' }] as const;
  shelf.save([{ session, pending, link: 'offline' }]);
  expect(shelf.load()).toEqual([{ session, pending, link: 'offline' }]);
});

it('gives a key to a command that was kept without one, and drops what is none', () => {
  const shelf = setUp([
    {
      session,
      pending: [{ verb: 'pot', playerId: 'p1', ball: 3 }, { verb: 'fly' }, { verb: 'finish' }],
      link: 'offline',
    },
  ]);
  expect(shelf.load()[0]?.pending).toEqual([
    { verb: 'pot', playerId: 'p1', ball: 3, key: 'new-key-1' },
    { verb: 'finish', key: 'new-key-2' },
  ]);
});
