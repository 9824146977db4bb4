import { describe, expect, it, vi } from 'vitest';
import type { Answer, GameApi } from './gameApi';
import type { Game } from './gameShelf';
import { createGames } from './games';
import { openGame } from './playGame';
import type { Session } from './session';

const ok = (id = '42'): Answer<Session> => ({
  kind: 'ok',
  value: openGame(id, 'kolkhoz', ['Anna', 'Boris'], '2026-01-02'),
});
const away: Answer<never> = { kind: 'unreachable' };

function setUp(kept: Game[] = []) {
  const api = {
    create: vi.fn(async (): Promise<Answer<Session>> => ok()),
    get: vi.fn(async (): Promise<Answer<Session>> => ok('7')),
    pot: vi.fn<GameApi['pot']>(async () => ok()),
    finish: vi.fn(async (): Promise<Answer<Session>> => ok()),
    history: vi.fn(async (): Promise<Answer<Session[]>> => ({ kind: 'ok', value: [] })),
  } satisfies GameApi;
  const saved: Game[][] = [];
  const shelf = { load: () => kept, save: (games: readonly Game[]) => void saved.push([...games]) };
  let ids = 0;
  const games = createGames({ api, shelf, randomId: () => `id-${++ids}`, now: () => 0 });
  return { api, games, saved };
}

describe('createGames', () => {
  it('starts the service’s game', async () => {
    const { games } = setUp();
    expect(await games.create('kolkhoz', ['Anna', 'Boris'])).toMatchObject({
      session: { id: '42' },
      link: 'online',
    });
  });

  it('starts a game of its own when the service does not answer, and plays it without', async () => {
    const { api, games } = setUp();
    api.create.mockResolvedValue(away);
    const { session, link } = await games.create('kolkhoz', ['Anna', 'Boris']);
    expect(link).toBe('local');
    expect(games.pot(session.id, 3)?.players.map(({ score }) => score)).toEqual([1, -1]);
    expect(games.finish(session.id)?.status).toBe('finished');
    expect(api.pot).not.toHaveBeenCalled();
  });

  it('pots a ball once, however often it is tapped', async () => {
    const { api, games } = setUp();
    await games.create('kolkhoz', ['Anna', 'Boris']);
    expect(games.pot('42', 3)).toBeDefined();
    expect(games.pot('42', 3)).toBeUndefined();
    await vi.waitFor(() => expect(games.get('42')?.pending).toEqual([]));
    expect(api.pot).toHaveBeenCalledExactlyOnceWith('42', 'p1', 3, 'id-2');
  });

  it('goes on while the service is away and tells it everything in order when it is back', async () => {
    const { api, games } = setUp();
    await games.create('kolkhoz', ['Anna', 'Boris']);
    api.pot.mockResolvedValue(away);
    games.pot('42', 3);
    games.miss('42');
    await vi.waitFor(() => expect(games.get('42')?.link).toBe('offline'));
    games.pot('42', 9);
    games.finish('42');
    api.pot.mockClear();
    api.pot.mockResolvedValue(ok());
    await vi.waitFor(async () => {
      await games.sync();
      expect(games.get('42')).toMatchObject({ link: 'online', pending: [], session: { status: 'finished' } });
    });
    expect(api.pot.mock.calls).toEqual([
      ['42', 'p1', 3, 'id-2'],
      ['42', 'p2', 9, 'id-3'],
    ]);
    expect(api.finish).toHaveBeenCalledExactlyOnceWith('42', 'id-4');
    expect(api.create).toHaveBeenCalledExactlyOnceWith('kolkhoz', ['Anna', 'Boris'], 'id-1');
  });

  it('gives up telling a service that lost the session, and not one that refused a ball', async () => {
    const { api, games } = setUp();
    await games.create('kolkhoz', ['Anna', 'Boris']);
    api.pot.mockResolvedValueOnce({ kind: 'refused', status: 409 });
    games.pot('42', 1);
    await vi.waitFor(() => expect(games.get('42')).toMatchObject({ pending: [], link: 'online' }));
    api.pot.mockResolvedValueOnce({ kind: 'refused', status: 404 });
    games.pot('42', 2);
    await vi.waitFor(() => expect(games.get('42')).toMatchObject({ pending: [], link: 'local' }));
  });

  it('finishes a game once', async () => {
    const { games } = setUp();
    await games.create('kolkhoz', ['Anna', 'Boris']);
    expect(games.finish('42')).toBeDefined();
    expect(games.finish('42')).toBeUndefined();
  });

  it('opens a kept game without asking, and another from the service', async () => {
    const session = openGame('42', 'nevskaya', ['Anna', 'Boris'], '2026-01-02');
    const { api, games } = setUp([{ session, pending: [], link: 'online' }]);
    expect((await games.open('42'))?.session).toBe(session);
    expect(api.get).not.toHaveBeenCalled();
    expect((await games.open('7'))?.session.id).toBe('7');
    api.get.mockResolvedValue({ kind: 'refused', status: 404 });
    expect(await games.open('8')).toBeUndefined();
  });

  it('tells its watchers and saves after each change', async () => {
    const { games, saved } = setUp();
    const watcher = vi.fn();
    const stop = games.subscribe(watcher);
    await games.create('kolkhoz', ['Anna', 'Boris']);
    expect(watcher).toHaveBeenCalledOnce();
    expect(saved.at(-1)?.[0]?.session.id).toBe('42');
    stop();
    games.miss('42');
    expect(watcher).toHaveBeenCalledOnce();
  });
});
