import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { BOT_TOKEN, NOW, signLaunch } from '@artel/test-support/fakes/telegramLaunch';
import { describe, expect, it } from 'vitest';
import { expectProblem, fileOf, startGateway } from '../fixtures/gateway';
import { systemClock } from './clock';
import type { PressureProbe } from './limits/pressure';
import { openStore } from './store';

const telegram = `telegram: { botToken: "${BOT_TOKEN}" }`;
const batch = {
  metrics: [{ name: 'shots' }],
  logs: [{ level: 'info', message: 'm', timestamp: NOW }],
  user: 'u1',
};

function fieldOf(body: unknown, name: string): string {
  return String(Object.getOwnPropertyDescriptor(Object(body), name)?.value);
}

/** A gateway on Telegram's day. */
async function withSignIn() {
  let now = NOW;
  const clock = { ...systemClock, now: () => now };
  const gateway = await startGateway({ GATEWAY_CONFIG: fileOf(telegram) }, { clock });
  const signIn = async (): Promise<{ token: string; subject: string }> => {
    const body = JSON.stringify({ initData: signLaunch() });
    const answer = await gateway.get('/api/session', { method: 'POST', body });
    expect(answer.status).toBe(200);
    return { token: fieldOf(answer.body, 'token'), subject: fieldOf(answer.body, 'subject') };
  };
  const later = (ms: number): void => {
    now += ms;
  };
  return { ...gateway, signIn, later };
}

describe('a batch with a session token', () => {
  it('is of the session tier, under the proven pseudonym; one without is anonymous', async () => {
    const { post, sample, signIn, gateway, dataDir } = await withSignIn();
    const { token, subject } = await signIn();
    expect((await post({ ...batch, token })).status).toBe(202);
    expect((await post(batch)).status).toBe(202);
    expect(await sample('artel_gateway_tenant_batches_total{tenant="default",tier="session"}')).toBe(1);
    expect(await sample('artel_gateway_tenant_points_total{tenant="default",tier="anonymous"}')).toBe(2);
    expect(await sample('artel_gateway_sign_ins_total{outcome="issued"}')).toBe(1);
    await gateway.close();
    const store = openStore(dataDir);
    expect(store.read(0, 9).map(({ record }) => [record.tier, record.user])).toEqual([
      ['session', subject],
      ['anonymous', expect.stringMatching(/^[\da-f]{64}$/)],
    ]);
    await store.close();
  });

  it('that is expired or made up is refused, so that the client asks for another', async () => {
    const { post, sample, signIn, later } = await withSignIn();
    const { token } = await signIn();
    later(3_601_000);
    for (const bad of [token, `${token}x`, 'nonsense']) {
      const answer = await post({ ...batch, token: bad });
      expectProblem(answer, 401, /^token: expired or not ours/);
      expect(answer.body).toMatchObject({ type: 'urn:artel:problem:token-refused' });
    }
    expect(await sample('shots_total')).toBeUndefined();
    expect(await sample('artel_gateway_batches_refused_total{reason="token"}')).toBe(3);
  });

  it('is anonymous where nobody can sign in', async () => {
    const { post, sample } = await startGateway();
    expect((await post({ ...batch, token: 'of another gateway' })).status).toBe(202);
    expect(await sample('artel_gateway_tenant_batches_total{tenant="default",tier="anonymous"}')).toBe(1);
  });
});

describe('the quota of those without a session', () => {
  it('is their own: what they use up, the others still have', async () => {
    const path = fileOf(`${telegram}\nlimits: { requestsPerSecond: { anonymous: 0.3, key: 100 } }`);
    const clock = { ...systemClock, now: () => NOW };
    const { post, get, sample } = await startGateway({ GATEWAY_CONFIG: path }, { clock });
    const body = JSON.stringify({ initData: signLaunch() });
    const { body: session } = await get('/api/session', { method: 'POST', body });
    const token = fieldOf(session, 'token');
    for (let time = 0; time < 3; time++) expect((await post(batch)).status).toBe(202);
    const limited = await post(batch);
    expectProblem(limited, 429, /Too many requests without a session token/);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await post({ ...batch, token })).status).toBe(202);
    expect(await sample('shots_total')).toBe(4);
    expect(await sample('artel_gateway_batches_refused_total{reason="rate_limited"}')).toBe(1);
    expect(await sample('artel_gateway_batches_total{outcome="failed"}')).toBe(1);
  });
});

/** A probe that a test sets. */
function probeOf() {
  const state = { heap: 0.1 };
  const probe: PressureProbe = {
    heap: () => state.heap,
    memoryBytes: () => 1,
    delay: () => ({ median: 0, p99: 0, max: 0 }),
    collect: () => {},
    close: () => {},
  };
  return { state, probe };
}

describe('a gateway with too much to do', () => {
  it('answers 503 with Retry-After before it reads anything, goes on to tell how it is, and recovers', async () => {
    const { state, probe } = probeOf();
    let elapsed = 0;
    const clock = { ...systemClock, elapsed: () => elapsed };
    const { post, get, sample } = await startGateway({}, { probe, clock });
    expect((await post(batch)).status).toBe(202);
    state.heap = 0.99;
    elapsed += 10_000;
    for (const path of ['/api/metrics', '/api/session']) {
      const refused = await get(path, { method: 'POST', body: '{' });
      expectProblem(refused, 503, /takes nothing for now/);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    for (const path of ['/health', '/health/live', '/metrics', '/live']) {
      expect((await get(path)).status).toBe(200);
    }
    expect(await sample('artel_gateway_batches_refused_total{reason="overload"}')).toBe(1);
    state.heap = 0.1;
    // A calm second, looked at twice.
    for (let look = 0; look < 2; look++) {
      elapsed += 10_000;
      await post(batch);
    }
    expect((await post(batch)).status).toBe(202);
  });

  it('holds no more bodies at once than it may', async () => {
    const { url, post, sample } = await startGateway({
      GATEWAY_CONFIG: fileOf('overload: { bodyBytes: 1048576 }'),
    });
    const half = 'x'.repeat(600_000);
    const slow = connect(Number(new URL(url).port), '127.0.0.1');
    slow.on('error', () => {});
    slow.write(`POST /api/metrics HTTP/1.1\r\nHost: gw\r\nContent-Length: ${half.length + 5}\r\n\r\n${half}`);
    // Until what was written has arrived, the second body finds room.
    const statusOf = async () => (await post('y'.repeat(500_000))).status;
    await expect.poll(statusOf).toBe(503);
    expect((await post(batch)).status).toBe(202);
    slow.destroy();
    await expect.poll(statusOf).toBe(400);
    expect(await sample('artel_gateway_batches_refused_total{reason="overload"}')).toBeGreaterThan(0);
  });
});

describe('the bounds of a body', () => {
  it('are those of the configuration: as it arrives, inflated, nested, and in items', async () => {
    const path = fileOf('limits: { bodyBytes: 2 KiB, inflatedBytes: 4 KiB, depth: 6, items: 3 }');
    const { post } = await startGateway({ GATEWAY_CONFIG: path });
    const text = JSON.stringify({ metrics: [{ name: 'shots' }] });
    expect((await post(text.padEnd(2_048))).status).toBe(202);
    expectProblem(await post(text.padEnd(2_049)), 413, /2049 bytes, the limit is 2048/);
    expect((await post(new Uint8Array(gzipSync(text.padEnd(4_096))))).status).toBe(202);
    expectProblem(
      await post(new Uint8Array(gzipSync(text.padEnd(4_097)))),
      413,
      /inflates to more than 4096 bytes/,
    );
    expectProblem(await post(`{"metrics":[],"x":${'['.repeat(6)}${']'.repeat(6)}}`), 400, /deeper than 6/);
    const logs = [1, 2].map((timestamp) => ({ level: 'info', message: 'm', timestamp }));
    expect((await post({ metrics: [{ name: 'a' }], logs })).status).toBe(202);
    expectProblem(
      await post({ metrics: [{ name: 'a' }, { name: 'no name' }], logs }),
      413,
      /4 items, the limit is 3/,
    );
  });
});
