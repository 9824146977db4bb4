import { createAppMetrics } from '@artel/telemetry-service/metrics';
import { describe, expect, it } from 'vitest';
import { noCache } from '../cache/sessionCache';
import { createGames } from '../games';
import { storages } from './storages.fixture';

describe.each(storages)('games kept in %s', (_, isMissing, openStorage) => {
  const patiently = it.skipIf(isMissing);

  async function open() {
    const storage = await openStorage();
    const games = createGames({
      store: storage.games,
      cache: noCache,
      metrics: createAppMetrics({ service: 'game-service', processMetrics: false }),
      events: { logGameEvent: () => {} },
      now: () => Date.UTC(2026, 0, 2),
      onChange: () => {},
    });
    return { storage, games };
  }

  patiently(
    'are numbered upwards, from a number that no database before has had, with fifteen balls racked',
    async () => {
      const before = Date.now();
      const { games } = await open();
      const first = await games.create('kolkhoz', ['Anna', 'Boris']);
      expect(first).toMatchObject({ turn: 'p1', status: 'playing', createdAt: '2026-01-02T00:00:00.000Z' });
      // Another clock than ours may be in a database, but no other second.
      expect(first.id).toBeGreaterThanOrEqual(before - 1_000);
      expect(first.balls).toHaveLength(15);
      expect((await games.create('kolkhoz', ['Anna', 'Boris'])).id).toBe(first.id + 1);
      expect(await games.get(first.id)).toEqual(first);
    },
  );

  patiently('let whoever pots a ball score and go on', async () => {
    const { games } = await open();
    const { id } = await games.create('kolkhoz', ['Anna', 'Boris', 'Vera']);
    const after = await games.pot(id, { playerId: 'p3', ball: 7 });
    expect(after.players.map((player) => player.score)).toEqual([-1, -1, 2]);
    expect(after.turn).toBe('p3');
    expect(after.balls).not.toContain(7);
    expect(await games.get(id)).toEqual(after);
  });

  patiently(
    'refuse a ball that is down, a stranger, a finished game and one that is not there, naming the field',
    async () => {
      const { games } = await open();
      const { id } = await games.create('kolkhoz', ['Anna', 'Boris']);
      await games.pot(id, { playerId: 'p1', ball: 7 });
      const refused = async (work: Promise<unknown>, statusCode: number, field: string) =>
        expect(work).rejects.toMatchObject({ statusCode, field });
      await refused(games.pot(id, { playerId: 'p1', ball: 7 }), 409, 'ball');
      await refused(games.pot(id, { playerId: 'p9', ball: 8 }), 400, 'playerId');
      await games.finish(id);
      await refused(games.pot(id, { playerId: 'p1', ball: 8 }), 409, 'status');
      await refused(games.get(99), 404, 'id');
      await refused(games.finish(99), 404, 'id');
    },
  );

  patiently('take a ball once of many who pot it at the same time', async () => {
    const { games, storage } = await open();
    const { id } = await games.create('kolkhoz', ['Anna', 'Boris']);
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => games.pot(id, { playerId: 'p1', ball: 5 })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await games.get(id)).players[0]?.score).toBe(1);
    expect(await storage.outbox.size()).toBe(2);
  });

  patiently('do a command once of many that come under one key at the same time', async () => {
    const { games, storage } = await open();
    const made = await Promise.all(
      Array.from({ length: 5 }, () => games.create('kolkhoz', ['Anna', 'Boris'], 'same-key')),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const id = made[0]?.id ?? 0;
    const potted = await Promise.all(
      Array.from({ length: 5 }, () => games.pot(id, { playerId: 'p2', ball: 9 }, 'pot-key')),
    );
    for (const session of potted) expect(session).toEqual(potted[0]);
    expect(await storage.outbox.size()).toBe(2);
    await expect(games.pot(id, { playerId: 'p2', ball: 10 }, 'pot-key')).rejects.toMatchObject({
      statusCode: 422,
    });
  });

  patiently('end americanka by itself with the eighth ball, and tell so', async () => {
    const { games, storage } = await open();
    const { id } = await games.create('americanka', ['Anna', 'Boris']);
    for (let ball = 1; ball <= 7; ball += 1)
      expect((await games.pot(id, { playerId: 'p2', ball })).status).toBe('playing');
    const last = await games.pot(id, { playerId: 'p2', ball: 8 });
    expect(last.status).toBe('finished');
    expect(last.result?.winners).toEqual(['p2']);
    expect(await games.finish(id)).toEqual(last);
    expect(await games.get(id)).toEqual(last);
    const types = (await storage.outbox.claim(20)).map(({ event }) => event.type);
    expect(types).toEqual(['session_created', ...Array<string>(8).fill('ball_potted'), 'session_finished']);
  });

  patiently(
    'are listed newest first, by status where asked, within the limit, and counted while they are played',
    async () => {
      const { games, storage } = await open();
      const made: number[] = [];
      for (let count = 0; count < 4; count += 1)
        made.unshift((await games.create('nevskaya', ['Anna', 'Boris'])).id);
      await games.finish(made[2] ?? 0);
      expect((await games.list(3)).map(({ id }) => id)).toEqual(made.slice(0, 3));
      expect((await games.list(3, 'finished')).map(({ id }) => id)).toEqual([made[2]]);
      expect(await storage.games.countPlaying()).toEqual(new Map([['nevskaya', 3]]));
    },
  );

  patiently(
    'hand their events out once, and again where they did not arrive, and count each once',
    async () => {
      const { games, storage } = await open();
      await games.create('kolkhoz', ['Anna', 'Boris']);
      await games.create('kolkhoz', ['Anna', 'Boris']);
      const entries = await storage.outbox.claim(10);
      expect(entries).toHaveLength(2);
      expect(await storage.outbox.claim(10)).toEqual([]);
      await storage.outbox.release(entries.map(({ id }) => id));
      const again = await storage.outbox.claim(10);
      expect(again).toEqual(entries);
      await storage.outbox.remove(again.map(({ id }) => id));
      expect(await storage.outbox.size()).toBe(0);
      for (const { event } of entries) expect(await storage.stats.count(event)).toBe(true);
      for (const { event } of entries) expect(await storage.stats.count(event)).toBe(false);
      expect(await storage.stats.read()).toEqual([
        { gameType: 'kolkhoz', sessionsCreated: 2, sessionsFinished: 0, ballsPotted: 0 },
      ]);
      await storage.sweep();
    },
  );
});
