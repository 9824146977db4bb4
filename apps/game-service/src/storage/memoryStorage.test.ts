import fc from 'fast-check';
import { expect, it } from 'vitest';
import { finishGame } from '../gameRules';
import { createMemoryStorage } from './memoryStorage';

const at = '2026-01-02T00:00:00.000Z';

async function open(maxSessions: number) {
  const { games } = createMemoryStorage({ maxSessions, firstId: 1 });
  const players = [{ id: 'p1', name: 'Anna', score: 0 }];
  return {
    ids: async () => (await games.list(100)).map(({ id }) => id),
    create: async () =>
      (await games.create({ gameType: 'kolkhoz', players, createdAt: at }, { text: 'create' })).game.session
        .id,
    finish: (id: number) => games.change(id, { text: 'finish' }, (game) => finishGame(game, at)),
  };
}

it('gives up the oldest finished game first when it is full', async () => {
  const games = await open(3);
  for (let made = 0; made < 3; made += 1) await games.create();
  await games.finish(2);
  await games.create();
  expect(await games.ids()).toEqual([4, 3, 1]);
  await games.create();
  expect(await games.ids()).toEqual([5, 4, 3]);
});

it('never keeps more than it may', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 40 }), async (finishes) => {
      const games = await open(5);
      for (const finish of finishes) {
        const id = await games.create();
        if (finish) await games.finish(id);
      }
      expect((await games.ids()).length).toBe(Math.min(5, finishes.length));
    }),
  );
});
