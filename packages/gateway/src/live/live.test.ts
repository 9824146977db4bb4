import { describe, expect, it } from 'vitest';
import { actions, NOW, type RunningLive, startLive } from '../../fixtures/live';
import type { QueueRecord } from '../enrich';
import type { Grant } from './grant';
import type { Update } from './wire';

const shots = ({ actions: list }: Update): number => list[0]?.count ?? 0;
const logOf = (message: string): QueueRecord => ({
  kind: 'log',
  tenant: 'x',
  tier: 'anonymous',
  received: NOW,
  log: { level: 'info', message, timestamp: NOW },
});

async function problemOf(
  response: Response,
): Promise<{ status: number; type: string | null; detail: string }> {
  const { detail } = (await response.json()) as { detail: string };
  return { status: response.status, type: response.headers.get('content-type'), detail };
}

describe('the stream', () => {
  it('begins with everything so far, and each tick tells what was counted since', async () => {
    const { live, open, tick, time } = await startLive();
    live.observe(actions(3));
    const stream = await open();
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
    });
    const first = await stream.update();
    expect(first).toMatchObject({ reset: true, now: NOW });
    expect(first.seconds).toHaveLength(300);
    expect(first.seconds.at(-1)?.n[0]).toBe(3);

    live.observe(actions(4, { at: NOW + 400, records: [logOf('hello')] }));
    time.now += 500;
    tick();
    const second = await stream.update();
    expect(second).toMatchObject({ reset: false, now: NOW + 500 });
    expect(second.seconds).toEqual([{ s: NOW / 1_000, n: [7, 0, 0, 0, 0, 0], q: [null, null, null, null] }]);
    expect(second.logs).toMatchObject([{ message: 'hello', at: NOW + 400 }]);

    time.now += 500;
    tick();
    expect(await stream.update()).toMatchObject({
      logs: [],
      seconds: [{ n: [7, 0, 0, 0, 0, 0] }, { n: [0, 0, 0, 0, 0, 0] }],
    });
  });

  it('gives every page the same, also one that comes between two ticks', async () => {
    const { live, open, tick } = await startLive();
    const early = await open();
    await early.update();
    live.observe(actions(1, { records: [logOf('between')] }));
    const late = await open();
    expect(await late.update()).toMatchObject({ reset: true, logs: [{ id: 1, message: 'between' }] });
    tick();
    const [one, two] = [await early.update(), await late.update()];
    expect(one).toEqual(two);
    expect(one.logs).toHaveLength(1);
  });

  it('says no with 503 when its seats are taken, and seats the next when one leaves', async () => {
    const { open, fetch, live } = await startLive({ room: 2 });
    const [first, second] = [await open(), await open()];
    await first.update();
    await second.update();
    const refused = await fetch('/live/events');
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await problemOf(refused)).toMatchObject({
      status: 503,
      type: 'application/problem+json; charset=utf-8',
      detail: expect.stringContaining('live pages'),
    });
    first.close();
    await expect.poll(async () => (await open()).status).toBe(200);
    expect([...live.families()][0]).toMatchObject({
      name: 'artel_gateway_live_viewers',
      series: [{ value: 2 }],
    });
  });

  it('ends when the server closes', async () => {
    const { app, open } = await startLive();
    const stream = await open();
    await stream.update();
    const ended = stream.ended();
    await app.close();
    await ended;
  });

  it('answers HEAD as a path that has no stream for it, and leaves no seat taken', async () => {
    const { fetch, live } = await startLive();
    expect((await fetch('/live/events', { method: 'HEAD' })).status).toBe(404);
    expect([...live.families()][0]).toMatchObject({ series: [{ value: 0 }] });
  });

  it('shows what a group of batches adds beside what is told of each', async () => {
    const { live, open } = await startLive();
    const { deltas, ...batch } = actions(3);
    live.observe({ ...batch, deltas: [] });
    live.observe({ ...batch, deltas: [] });
    live.add('default', deltas, batch.at);
    const update = await (await open()).update();
    expect(shots(update)).toBe(3);
    expect(update.delivery).toMatchObject({ batches: 2, accepted: 2 });
  });

  it('goes on when a batch cannot be understood, and says so to the log', async () => {
    const errors: unknown[] = [];
    const { live, open } = await startLive({ onError: (error) => errors.push(error) });
    const broken = actions(1);
    Object.defineProperty(broken, 'deltas', {
      get: () => {
        throw new Error('broken');
      },
    });
    live.observe(broken);
    live.observe(actions(2));
    expect(shots(await (await open()).update())).toBe(2);
    expect(errors).toHaveLength(1);
  });
});

const A = 'billiards/production';
const B = 'chess/production';

/** Two tenants, each with its reader, and an operator. */
function tenants(
  grants: Record<string, Grant> = {
    'admin-token': { tenants: 'all' },
    'a-token': { tenants: [A] },
    'both-token': { tenants: [B, A] },
  },
): Promise<RunningLive> {
  return startLive(
    { tenants: () => [A, B] },
    { authorize: (_request, token) => (token === undefined ? undefined : grants[token]) },
  );
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('tenants', () => {
  it('are seen by those who may read them, and by nobody else', async () => {
    const { live, open, fetch, tick } = await tenants();
    live.observe(actions(1, { tenant: A, records: [logOf('of a')] }));
    live.observe(actions(10, { tenant: B, records: [logOf('of b')] }));
    const mine = await open('/live/events', bearer('a-token'));
    const first = await mine.update();
    expect(shots(first)).toBe(1);
    expect(JSON.stringify(first)).not.toContain('of b');
    live.observe(actions(10, { tenant: B, records: [logOf('of b')] }));
    tick();
    const second = await mine.update();
    expect(shots(second)).toBe(1);
    expect(second.logs).toEqual([]);
    for (const other of [B, '*', 'default', 'none', '']) {
      const refused = await fetch(`/live/events?tenant=${encodeURIComponent(other)}`, {
        headers: bearer('a-token'),
      });
      expect(await problemOf(refused)).toMatchObject({
        status: 403,
        detail: expect.stringMatching(/^tenant: /),
      });
    }
    expect(shots(await (await open(`/live/events?tenant=${A}`, bearer('a-token'))).update())).toBe(1);
  });

  it('are seen together and one by one by an operator, lines with the name of theirs', async () => {
    const { live, open } = await tenants();
    live.observe(actions(1, { tenant: A, records: [logOf('of a')] }));
    live.observe(actions(10, { tenant: B }));
    const together = await (await open('/live/events', bearer('admin-token'))).update();
    expect(shots(together)).toBe(11);
    expect(together.logs).toMatchObject([{ tenant: A }]);
    const one = await (await open(`/live/events?tenant=${B}`, bearer('admin-token'))).update();
    expect(shots(one)).toBe(10);
    const alone = await (await open(`/live/events?tenant=${A}`, bearer('admin-token'))).update();
    expect(alone.logs[0]).not.toHaveProperty('tenant');
  });

  it('are named to a reader who may choose', async () => {
    const { fetch } = await tenants();
    const state = async (token: string) => (await fetch('/live/state', { headers: bearer(token) })).json();
    expect(await state('admin-token')).toEqual({ tenants: [A, B], all: true, signedIn: false });
    expect(await state('both-token')).toEqual({ tenants: [A, B], all: false, signedIn: false });
    expect(await state('a-token')).toEqual({ tenants: [A], all: false, signedIn: false });
  });

  it('show the state of the gateway as it is theirs to see', async () => {
    const running = await startLive({
      tenants: () => [A, B],
      state: (tenant) => ({ outputs: [{ name: tenant ?? 'everything', seconds: 1, records: 2 }] }),
    });
    const outputOf = async (path: string) =>
      (await (await running.open(path)).update()).delivery.outputs[0]?.name;
    expect(await outputOf('/live/events')).toBe('everything');
    expect(await outputOf(`/live/events?tenant=${A}`)).toBe(A);
  });

  it('end the stream of a token that is withdrawn', async () => {
    const grants: Record<string, Grant> = { 'a-token': { tenants: [A] } };
    const { open, tick, time } = await tenants(grants);
    const stream = await open('/live/events', bearer('a-token'));
    await stream.update();
    delete grants['a-token'];
    tick();
    expect(await stream.next()).toMatchObject({ reset: false });
    time.elapsed += 31_000;
    tick();
    expect(await stream.next()).toBe('denied');
    await stream.ended();
  });
});

describe('a reader', () => {
  const login = (running: RunningLive, token: unknown, headers: Record<string, string> = {}) =>
    running.fetch('/live/login', { method: 'POST', body: JSON.stringify({ token }), headers });

  it('without a token is asked for one by the page, and gets nothing else', async () => {
    const running = await tenants();
    expect((await running.fetch('/live')).status).toBe(200);
    for (const path of ['/live/state', '/live/events']) {
      const refused = await running.fetch(path);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      expect(await problemOf(refused)).toMatchObject({ status: 401 });
    }
    expect((await running.fetch('/live/state', { headers: bearer('wrong') })).status).toBe(401);
  });

  it('signs in by the form, reads by its cookie, and signs out', async () => {
    const running = await tenants();
    expect(await problemOf(await login(running, 'wrong'))).toMatchObject({ status: 401 });
    expect(await problemOf(await login(running, 7))).toMatchObject({ status: 400, detail: /token/ });
    expect((await login(running, '')).status).toBe(401);
    const signed = await login(running, 'a-token', { origin: running.url });
    expect(signed.status).toBe(204);
    const cookie = signed.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    const headers = { cookie: cookie.slice(0, cookie.indexOf(';')) };
    expect(await (await running.fetch('/live/state', { headers })).json()).toEqual({
      tenants: [A],
      all: false,
      signedIn: true,
    });
    expect((await running.open('/live/events', headers)).status).toBe(200);
    const out = await running.fetch('/live/logout', { method: 'POST', headers });
    expect(out.headers.get('set-cookie')).toMatch(/^artel_live=; Max-Age=0;/);
  });

  it('is never a page of another site, not one whose telemetry is taken either', async () => {
    const running = await startLive();
    const foreign = [
      { origin: 'https://app.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      for (const path of ['/live/state', '/live/events', '/live/page.js']) {
        const refused = await running.fetch(path, { headers });
        expect(refused.headers.get('access-control-allow-origin')).toBeNull();
        expect(await problemOf(refused)).toMatchObject({ status: 403 });
      }
      expect((await login(running, 'x', headers)).status).toBe(403);
    }
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await running.open('/live', link)).status).toBe(200);
    const own = { origin: running.url, 'sec-fetch-site': 'same-origin' };
    expect((await running.fetch('/live/state', { headers: own })).status).toBe(200);
  });
});
