import { gzipSync } from 'node:zlib';
import { launchFields, NOW, ownKeys, signLaunch } from '@artel/test-support/fakes/telegramLaunch';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settingsOf } from '../../fixtures/telegram';
import { HttpProblem, PROBLEM_TYPE, toProblem } from '../problem';
import { createReplayBook } from './replayBook';
import { registerSessionRoute, type SessionRouteOptions } from './sessionRoute';
import { createSessions, type SignInTenant } from './sessions';

const KEY = 'pk_billiards';

/** As the gateway's own server: no content type is looked at, and every error is a problem document. */
function createApp(): FastifyInstance {
  const app = Fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', async ({ raw }) => {
    if (raw.headers['content-type'] !== undefined) raw.headers['content-type'] = 'application/octet-stream';
  });
  app.setErrorHandler((error, request, reply) => {
    const { status, headers, details } = toProblem(error);
    return reply
      .code(status)
      .headers(headers)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify({ ...details, instance: `urn:uuid:${request.id}` }));
  });
  onTestFinished(() => app.close());
  return app;
}

async function start(more: Partial<SessionRouteOptions> = {}) {
  const clock = { now: () => NOW, elapsed: () => 0 };
  const sessions = createSessions({
    secrets: ['a secret for the tests '.repeat(2)],
    clock,
    replays: createReplayBook({ clock }),
    telegramKeys: ownKeys,
  });
  const byDefault: SignInTenant = { id: 'default', telegram: settingsOf('hmac') };
  const named: SignInTenant = { id: 'billiards/production', telegram: settingsOf('ed25519') };
  const app = createApp();
  registerSessionRoute(app, {
    sessions,
    tenantOf: (key) => (key === undefined ? byDefault : key === KEY ? named : undefined),
    ...more,
  });
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/session`;
  const ask = async (body: unknown, headers: Record<string, string> = {}) => {
    const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    const response = await fetch(url, { method: 'POST', body: bytes, headers });
    const answer: unknown = await response.json();
    return { status: response.status, headers: response.headers, answer };
  };
  return { ask, sessions, url };
}

const session = {
  token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
  expiresAt: NOW + 3_600_000,
  subject: expect.stringMatching(/^[\da-f]{32}$/),
};

describe('POST /api/session', () => {
  it('takes initData in each way that a page may send it', async () => {
    const { ask } = await start();
    const initData = signLaunch();
    const ways: (readonly [unknown, Record<string, string>])[] = [
      [{ initData }, { 'content-type': 'application/json' }],
      [{ initData }, { 'content-type': 'text/plain;charset=UTF-8' }],
      [gzipSync(JSON.stringify({ initData })), {}],
      ['', { authorization: `tma ${initData}` }],
      ['{}', { authorization: `TMA ${initData}` }],
      [{ initData, key: null }, { authorization: 'Bearer something' }],
    ];
    for (const [body, headers] of ways) {
      expect(await ask(body, headers)).toMatchObject({ status: 200, answer: session });
    }
  });

  it('finds the tenant by its key, and signs in to that one alone', async () => {
    const { ask, sessions } = await start();
    const { answer } = await ask({ initData: signLaunch(), key: KEY });
    expect(answer).toEqual(session);
    const token = String(answer instanceof Object && 'token' in answer && answer.token);
    expect(sessions.verify(token, 'billiards/production')).toEqual({ subject: expect.any(String) });
    expect(sessions.verify(token, 'default')).toBeUndefined();
    const inHeader = await ask({ key: KEY }, { authorization: `tma ${signLaunch()}` });
    expect(inHeader.answer).toEqual(session);
    const bare = await ask('', { authorization: `tma ${signLaunch()}`, 'x-artel-key': KEY });
    expect(bare.answer).toEqual(session);
    const twice = await ask({ initData: signLaunch(), key: KEY }, { 'x-artel-key': 'pk_other' });
    expect(twice.status).toBe(401);
  });

  it('answers whatever is wrong with an identity in the same bytes', async () => {
    const { ask, url } = await start();
    const initData = signLaunch();
    for (let use = 0; use < 10; use++) await ask({ initData });
    const answers = new Set<string>();
    const headers = new Set<string>();
    const bodies = [
      { initData },
      { initData: initData.replace('private', 'channel') },
      { initData: `${initData}&user=%7B%7D` },
      { initData: initData.toLowerCase() },
      { initData: signLaunch(launchFields({ auth_date: String(NOW / 1_000 - 86_401) })) },
      { initData: signLaunch(launchFields({ auth_date: String(NOW / 1_000 + 61) })) },
      { initData: signLaunch(launchFields({ user: '[]' })) },
      { initData: '' },
      { initData: 'x'.repeat(15_000) },
      { initData, key: 'nobody’s' },
      { initData, key: '__proto__' },
    ];
    for (const body of bodies) {
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      expect(response.status).toBe(401);
      answers.add((await response.text()).replace(/urn:uuid:[^"]*/, ''));
      const names = [...response.headers].filter(([name]) => name !== 'date' && name !== 'content-length');
      headers.add(JSON.stringify(names));
    }
    expect(answers.size).toBe(1);
    expect(headers.size).toBe(1);
    expect(JSON.parse([...answers][0] ?? '')).toMatchObject({
      type: 'urn:artel:problem:not-signed-in',
      title: 'Unauthorized',
      status: 401,
    });
    expect([...headers][0]).toMatch(/application\/problem\+json.*"www-authenticate","tma"/);
  });

  it.each([
    ['', 400, /^initData: expected Telegram's/],
    ['{"initData":', 400, /^body: is not JSON/],
    ['[]', 400, /^body: expected an object with initData, got an array/],
    ['null', 400, /^body: expected an object with initData, got null/],
    ['{}', 400, /^initData: expected Telegram's/],
    ['{"__proto__":{"initData":"x"}}', 400, /^initData: expected Telegram's/],
    ['{"initData":7215550147}', 400, /^initData: expected a string, got a value of type number$/],
    ['{"initData":"x","key":["private"]}', 400, /^key: expected a string, got an array$/],
    [JSON.stringify({ initData: 'x'.repeat(16_384) }), 413, /the limit is 16384/],
    [gzipSync(JSON.stringify({ initData: 'x'.repeat(1_000_000) })), 413, /limit/],
  ])('refuses what is no request for a session: %j', async (body, status, detail) => {
    const { ask } = await start();
    const { headers, ...refused } = await ask(body);
    expect(refused).toMatchObject({ status, answer: { status, detail: expect.stringMatching(detail) } });
    expect(headers.get('content-type')).toBe(PROBLEM_TYPE);
  });

  it('tells whose session it is before it checks anything', async () => {
    const onTenant = (id: string): void => {
      throw new HttpProblem(403, id);
    };
    const { ask } = await start({ onTenant });
    expect(await ask({ initData: '', key: KEY })).toMatchObject({
      status: 403,
      answer: { detail: 'billiards/production' },
    });
    expect((await ask({ initData: '', key: 'nobody’s' })).status).toBe(401);
  });

  it('lets itself be held up before it reads anything', async () => {
    const admit = (): void => {
      throw new HttpProblem(429, 'too many', { headers: { 'Retry-After': '7' } });
    };
    const { ask } = await start({ admit });
    const { status, headers } = await ask({ initData: signLaunch() });
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('7');
  });
});
