import { describe, expect, it } from 'vitest';
import { createServer } from './createServer';
import { createSessionStore } from './sessionStore';

const open = () => createServer(createSessionStore({ maxSessions: 10, now: Date.now }));

type Request = {
  method: 'GET' | 'POST';
  url: string;
  payload?: object | string;
  headers?: Record<string, string>;
};

async function refused(request: Request) {
  const answer = await open().inject(request);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  const body: unknown = answer.json();
  expect(body).toMatchObject({ type: 'about:blank', status: answer.statusCode });
  return body;
}

const sessions = '/api/game/sessions';

describe('the game service', () => {
  it('plays a game from the break to the result', async () => {
    const app = open();
    const created = await app.inject({
      method: 'POST',
      url: sessions,
      payload: { gameType: 'kolkhoz', players: ['Anna', 'Boris', 'Vera'] },
    });
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({ id: 1, gameType: 'kolkhoz', turn: 'p1', status: 'playing' });

    const potted = await app.inject({
      method: 'POST',
      url: `${sessions}/1/pot`,
      payload: { playerId: 'p2', ball: 3 },
    });
    expect(potted.json()).toMatchObject({
      turn: 'p2',
      players: [{ score: -1 }, { score: 2 }, { score: -1 }],
    });

    const finished = await app.inject({ method: 'POST', url: `${sessions}/1/finish` });
    expect(finished.json()).toMatchObject({ status: 'finished', result: { winners: ['p2'] } });
    expect((await app.inject({ method: 'GET', url: `${sessions}/1` })).json()).toEqual(finished.json());
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
    const app = open();
    for (let made = 0; made < 3; made += 1) {
      await app.inject({
        method: 'POST',
        url: sessions,
        payload: { gameType: 'nevskaya', players: ['a', 'b'] },
      });
    }
    const answer = await app.inject({ method: 'GET', url: `${sessions}?limit=2` });
    expect(answer.json()).toMatchObject({ sessions: [{ id: 3 }, { id: 2 }] });
    expect(await refused({ method: 'GET', url: `${sessions}?limit=101` })).toMatchObject({ field: 'limit' });
  });

  it('is slow only as long as asked, and not beyond five seconds', async () => {
    const before = performance.now();
    const answer = await open().inject({ method: 'GET', url: '/api/game/slow?ms=60' });
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

  it.each(['/health', '/health/live', '/health/ready'])('answers %s', async (url) => {
    expect((await open().inject({ method: 'GET', url })).json()).toMatchObject({ status: 'ok' });
  });
});
