import type { RedisDoor } from '../redisDoor';
import { PRESENCE_SECONDS, type Presence } from './presence';

const keyOf = (sessionId: number) => `game:presence:${sessionId}`;

/** Presence in Redis, which all processes share: for each session a set of players by when they were last heard of, in Unix ms. */
export function createRedisPresence(redis: Pick<RedisDoor, 'ask'>, now: () => number = Date.now): Presence {
  return {
    async see(sessionId, playerId) {
      await redis.ask((client) =>
        client
          .multi()
          .zAdd(keyOf(sessionId), { score: now(), value: playerId })
          .expire(keyOf(sessionId), PRESENCE_SECONDS)
          .exec(),
      );
    },
    async online(sessionId) {
      const since = now() - PRESENCE_SECONDS * 1_000;
      const players = await redis.ask((client) => client.zRangeByScore(keyOf(sessionId), since, '+inf'));
      return players?.sort();
    },
  };
}
