import { createAppMetrics } from '@artel/telemetry-service/metrics';
import { describe, expect, it } from 'vitest';
import { noCache } from './cache/sessionCache';
import { createGames } from './games';
import { Refusal, Unavailable } from './problem';
import { createMemoryStorage } from './storage/memoryStorage';
import type { GameStore } from './storage/storage';

function open(create?: GameStore['create']) {
  const metrics = createAppMetrics({ service: 'game-service', processMetrics: false });
  const { games: store } = createMemoryStorage({ maxSessions: 10, firstId: 1 });
  const games = createGames({
    store: create ? { ...store, create } : store,
    cache: noCache,
    metrics,
    events: { logGameEvent: () => undefined },
    now: Date.now,
    onChange: () => undefined,
  });
  const counted = async (event: string) => {
    const { body } = await metrics.expose();
    const series = `game_events_total{event_type="${event}",game_type="kolkhoz",service="game-service"} `;
    const line = body.split('\n').find((one) => one.startsWith(series));
    return line === undefined ? undefined : Number(line.slice(series.length));
  };
  return { games, counted };
}

describe('a game that is to be created', () => {
  it('is shown as created and as failed with 0 before the first, so that Prometheus sees the first', async () => {
    const { counted } = open();
    expect(await counted('session_created')).toBe(0);
    expect(await counted('session_creation_failed')).toBe(0);
  });

  it('counts as failed when the store does not take it', async () => {
    const { games, counted } = open(() => Promise.reject(new Unavailable('PostgreSQL does not answer')));
    await expect(games.create('kolkhoz', ['Anna', 'Boris'])).rejects.toThrow(Unavailable);
    expect(await counted('session_creation_failed')).toBe(1);
    expect(await counted('session_created')).toBe(0);
  });

  it('does not when it is the caller who is refused', async () => {
    const { games, counted } = open(() => Promise.reject(new Refusal(409, 'the key was used', 'key')));
    await expect(games.create('kolkhoz', ['Anna', 'Boris'])).rejects.toThrow(Refusal);
    expect(await counted('session_creation_failed')).toBe(0);
  });

  it('counts as created when it is', async () => {
    const { games, counted } = open();
    await games.create('kolkhoz', ['Anna', 'Boris']);
    expect(await counted('session_created')).toBe(1);
    expect(await counted('session_creation_failed')).toBe(0);
  });
});
