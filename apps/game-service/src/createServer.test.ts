import { describe, expect, it } from 'vitest';
import { openGame } from './game.fixture';

const open = async () => (await openGame()).app;

type Request = {
  method: 'GET' | 'POST';
  url: string;
  payload?: object | string;
  headers?: Record<string, string>;
};

async function refused(request: Request) {
  const answer = await (await open()).inject(request);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  const body: unknown = answer.json();
  expect(body).toMatchObject({ type: 'about:blank', status: answer.statusCode });
  return body;
}

const sessions = '/api/game/sessions';

describe('the game service', () => {
  it('plays a game from the break to the result', async () => {
    const app = await open();
    const created = await app.inject({
      method: 'POST',
      url: sessions,
      payload: { gameType: 'kolkhoz', players: ['Anna', 'Boris', 'Vera'] },
    });
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({ gameType: 'kolkhoz', turn: 'p1', status: 'playing' });
    const own = `${sessions}/${created.json().id}`;

    const potted = await app.inject({
      method: 'POST',
      url: `${own}/pot`,
      payload: { playerId: 'p2', ball: 3 },
    });
    expect(potted.json()).toMatchObject({
      turn: 'p2',
      players: [{ score: -1 }, { score: 2 }, { score: -1 }],
    });

    const finished = await app.inject({ method: 'POST', url: `${own}/finish` });
    expect(finished.json()).toMatchObject({ status: 'finished', result: { winners: ['p2'] } });
    expect((await app.inject({ method: 'GET', url: own })).json()).toEqual(finished.json());
    expect((await app.inject({ method: 'GET', url: sessions })).json()).toEqual({
      sessions: [finished.json()],
    });
  });

  it.each([
    ['an unknown game type', { gameType: 'snooker', players: ['a', 'b'] }, 'gameType'],
    ['a lonely player', { gameType: 'kolkhoz', players: ['a'] }, 'players'],
    ['nine players', { gameType: 'kolkhoz', players: Array(9).fill('a') }, 'players'],
    ['a player without a name', { gameType: 'kolkhoz', players: ['a', ' '] }, 'players.1'],
    ['players left out', { gameType: 'kolkhoz' }, 'players'],
    ['a surplus field', { gameType: 'kolkhoz', players: ['a', 'b'], stake: 5 }, 'stake'],
  ])('refuses %s, naming the field', async (_, payload, field) => {
    expect(await refused({ method: 'POST', url: sessions, payload })).toMatchObject({ status: 400, field });
  });

  it('says which game types there are', async () => {
    const body = await refused({
      method: 'POST',
      url: sessions,
      payload: { gameType: 'x', players: ['a', 'b'] },
    });
    expect(body).toMatchObject({
      detail: 'gameType must be one of kolkhoz, americanka, moskovskaya, nevskaya',
    });
  });

  it('refuses a body that is no JSON, and one of another type', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await refused({ method: 'POST', url: sessions, payload: '{"game', headers })).toMatchObject({
      field: 'body',
    });
    const xml = { 'content-type': 'text/xml' };
    expect(await refused({ method: 'POST', url: sessions, payload: '<a/>', headers: xml })).toMatchObject({
      status: 415,
    });
  });

  it('refuses a ball that is no number of the table', async () => {
    for (const ball of [0, 16, '7', 1.5]) {
      const request = {
        method: 'POST',
        url: `${sessions}/1/pot`,
        payload: { playerId: 'p1', ball },
      } as const;
      expect(await refused(request)).toMatchObject({ status: 400, field: 'ball' });
    }
  });

  it('does not know sessions that were never made, nor paths that no route serves', async () => {
    expect(await refused({ method: 'GET', url: `${sessions}/7` })).toMatchObject({
      status: 404,
      field: 'id',
    });
    expect(await refused({ method: 'GET', url: `${sessions}/seven` })).toMatchObject({
      status: 400,
      field: 'id',
    });
    expect(await refused({ method: 'GET', url: '/api/game/nothing' })).toMatchObject({
      status: 404,
      field: 'path',
    });
  });

  it('bounds the history', async () => {
    const app = await open();
    const ids: number[] = [];
    for (let made = 0; made < 3; made += 1) {
      const created = await app.inject({
        method: 'POST',
        url: sessions,
        payload: { gameType: 'nevskaya', players: ['a', 'b'] },
      });
      ids.unshift(created.json().id);
    }
    const answer = await app.inject({ method: 'GET', url: `${sessions}?limit=2` });
    expect(answer.json()).toMatchObject({ sessions: [{ id: ids[0] }, { id: ids[1] }] });
    expect(await refused({ method: 'GET', url: `${sessions}?limit=101` })).toMatchObject({ field: 'limit' });
  });

  it('is slow only as long as asked, and not beyond five seconds', async () => {
    const before = performance.now();
    const answer = await (await open()).inject({ method: 'GET', url: '/api/game/slow?ms=60' });
    expect(answer.json()).toEqual({ slept: 60 });
    expect(performance.now() - before).toBeGreaterThanOrEqual(55);
    expect(await refused({ method: 'GET', url: '/api/game/slow?ms=5001' })).toMatchObject({
      status: 400,
      field: 'ms',
    });
    expect(await refused({ method: 'GET', url: '/api/game/slow?ms=-1' })).toMatchObject({
      status: 400,
      field: 'ms',
    });
  });

  it('breaks as a problem that keeps its reason to itself', async () => {
    const body = await refused({ method: 'GET', url: '/api/game/broken' });
    expect(body).toMatchObject({ status: 500 });
    expect(JSON.stringify(body)).not.toContain('cue');
  });

  it.each([
    ['/health', 'healthy'],
    ['/health/live', 'alive'],
    ['/health/ready', 'ready'],
  ])('answers %s', async (url, status) => {
    const answer = await (await open()).inject({ method: 'GET', url });
    expect(answer.statusCode).toBe(200);
    // How busy the machine is may make it degraded; that is told, and is no failure.
    if (url !== '/health') expect(answer.json()).toMatchObject({ status });
  });

  it('does a command once that is sent twice under one key, and refuses the key for another', async () => {
    const app = await open();
    const headers = { 'idempotency-key': 'tap-00000001' };
    const payload = { gameType: 'kolkhoz', players: ['Anna', 'Boris'] };
    const first = await app.inject({ method: 'POST', url: sessions, payload, headers });
    const again = await app.inject({ method: 'POST', url: sessions, payload, headers });
    expect(again.json()).toEqual(first.json());
    expect((await app.inject(sessions)).json().sessions).toHaveLength(1);

    const url = `${sessions}/${first.json().id}/pot`;
    const pot = { method: 'POST', url, headers: { 'idempotency-key': 'tap-00000002' } } as const;
    const potted = await app.inject({ ...pot, payload: { playerId: 'p1', ball: 3 } });
    expect((await app.inject({ ...pot, payload: { playerId: 'p1', ball: 3 } })).json()).toEqual(
      potted.json(),
    );
    const other = await app.inject({ ...pot, payload: { playerId: 'p1', ball: 4 } });
    expect(other.json()).toMatchObject({ status: 422, field: 'idempotency-key' });
  });

  it('counts what is played into the figures, each event once', async () => {
    const app = await open();
    const payload = { gameType: 'moskovskaya', players: ['Anna', 'Boris'] };
    const { id } = (await app.inject({ method: 'POST', url: sessions, payload })).json();
    for (const ball of [1, 2, 2])
      await app.inject({
        method: 'POST',
        url: `${sessions}/${id}/pot`,
        payload: { playerId: 'p1', ball },
      });
    await app.inject({ method: 'POST', url: `${sessions}/${id}/finish` });
    await expect
      .poll(async () => (await app.inject('/api/game/stats')).json())
      .toEqual({
        stats: [{ gameType: 'moskovskaya', sessionsCreated: 1, sessionsFinished: 1, ballsPotted: 2 }],
      });
    const exposition = (await app.inject('/metrics')).body;
    for (const sample of [
      'game_events_total{event_type="ball_potted",game_type="moskovskaya",service="game-service"} 2',
      'active_game_sessions_total{game_type="moskovskaya",service="game-service"} 0',
      'game_session_duration_minutes_count{game_type="moskovskaya",service="game-service"} 1',
    ])
      expect(exposition).toContain(sample);
  });

  it('knows who is at the table', async () => {
    const app = await open();
    const payload = { gameType: 'kolkhoz', players: ['Anna', 'Boris'] };
    const { id } = (await app.inject({ method: 'POST', url: sessions, payload })).json();
    const url = `${sessions}/${id}/presence`;
    expect((await app.inject(url)).json()).toEqual({ online: [], seconds: 60 });
    const there = await app.inject({ method: 'POST', url, payload: { playerId: 'p2' } });
    expect(there.json()).toEqual({ online: ['p2'], seconds: 60 });
    const stranger = await app.inject({ method: 'POST', url, payload: { playerId: 'p3' } });
    expect(stranger.json()).toMatchObject({ status: 400, field: 'playerId' });
  });
});
