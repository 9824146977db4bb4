import { PRESENCE_SECONDS, type Presence } from './presence';

const MOST_SESSIONS = 10_000;

/** Presence in this process. `now` is in ms and never goes back. */
export function createMemoryPresence(now: () => number = () => performance.now()): Presence {
  const seen = new Map<number, Map<string, number>>();
  const isGone = (at: number) => now() - at > PRESENCE_SECONDS * 1_000;
  return {
    async see(sessionId, playerId) {
      const players = seen.get(sessionId) ?? new Map<string, number>();
      players.set(playerId, now());
      seen.delete(sessionId);
      seen.set(sessionId, players);
      for (const [oldest, those] of seen) {
        if (seen.size <= MOST_SESSIONS && ![...those.values()].every(isGone)) return;
        seen.delete(oldest);
      }
    },
    async online(sessionId) {
      const players = [...(seen.get(sessionId) ?? [])];
      return players
        .filter(([, at]) => !isGone(at))
        .map(([id]) => id)
        .sort();
    },
  };
}
