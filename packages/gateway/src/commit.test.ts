import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { browserCatalogue } from '@artel/telemetry-protocol';
import { describe, expect, it } from 'vitest';
import { startGateway, tempDir } from '../fixtures/gateway';
import { systemClock } from './clock';
import { createCommitter } from './commit';
import { readConfig } from './config';
import type { QueueRecord } from './enrich';
import { resolveMetric } from './resolveMetric';
import { createSeriesBook } from './seriesBook';
import { type Changes, openStore, type Store } from './store';

/** The real store, with a commit that a test can hold up or break, and a record of what was committed. */
function breakable() {
  const groups: Changes[] = [];
  const state: { failure: Error | undefined; gate: Promise<void> } = {
    failure: undefined,
    gate: Promise.resolve(),
  };
  const open = (dataDir: string): Store => {
    const store = openStore(dataDir);
    return {
      ...store,
      async commit(changes) {
        await state.gate;
        if (state.failure) throw state.failure;
        groups.push(changes);
        await store.commit(changes);
      },
    };
  };
  return { groups, state, openStore: open };
}

describe('the commit', () => {
  it('that fails leaves memory as it was, asks the client to come again, and then counts once', async () => {
    const { state, openStore } = breakable();
    const { post, get, sample } = await startGateway({}, { openStore });
    await post({ metrics: [{ name: 'shots' }] });
    const before = await get('/metrics').then(({ body }) => String(body).match(/^shots.*$/gm));

    state.failure = new Error('no space left on the device');
    const batch = { producer: 'p1', seq: 1, metrics: [{ name: 'shots' }, { name: 'hits' }] };
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => post({ ...batch, seq: i + 1 })));
    for (const { status, headers, body } of answers) {
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('2');
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(JSON.stringify(body)).not.toContain('no space');
    }
    expect(await get('/metrics').then(({ body }) => String(body).match(/^shots.*$/gm))).toEqual(before);
    expect(await sample('hits_total')).toBeUndefined();
    expect(await sample('artel_gateway_batches_total{outcome="failed"}')).toBe(10);
    expect((await get('/health/ready')).status).toBe(503);
    expect((await get('/health')).body).toMatchObject({
      status: 'unavailable',
      checks: { store: { status: 'failed' } },
    });

    state.failure = undefined;
    expect((await post(batch)).body).toMatchObject({ accepted: 2, duplicate: false });
    expect(await sample('shots_total')).toBe(2);
    expect(await sample('hits_total')).toBe(1);
  });

  it('tells of what a group adds once it is on the disk, and of nothing when it failed', async () => {
    const { state, openStore } = breakable();
    const store = openStore(tempDir());
    const told: unknown[] = [];
    const book = createSeriesBook([], browserCatalogue);
    const committer = createCommitter({
      store,
      clock: systemClock,
      books: { of: () => book },
      resolve: (point) => resolveMetric(point, { catalogue: browserCatalogue, strict: false }),
      pseudonym: (user) => user,
      queueLimit: () => 10,
      ledgerDays: () => 14,
      onCommit: () => {},
      onFailure: () => {},
      onCounted: (_job, { outcome }) => told.push(outcome.kind),
      onAdded: (tenant, deltas) => told.push([tenant, deltas.map(({ series }) => series)]),
    });
    const [tenant] = readConfig({}).tenants;
    if (!tenant) throw new Error('there is no tenant');
    const submit = (value: number) => {
      const batch = { metrics: [{ name: 'shots', value }, { name: 'hits' }] };
      return committer.submit({ tenant, tier: 'anonymous', batch, rejected: [], bytes: 1 });
    };
    state.failure = new Error('no space left on the device');
    await expect(submit(1)).rejects.toThrow('could not be written');
    expect(told).toEqual([]);
    state.failure = undefined;
    // Longer than commits are kept apart: the next begins at once.
    await sleep(50);
    let open = (): void => {};
    state.gate = new Promise((resolve) => {
      open = resolve;
    });
    const answers = [submit(1), submit(2), submit(3)];
    open();
    await Promise.all(answers);
    const added = (shots: number, hits: number) => [
      'default',
      [
        { kind: 'counter', name: 'shots_total', labels: [], value: shots },
        { kind: 'counter', name: 'hits_total', labels: [], value: hits },
      ],
    ];
    // The first began its commit at once, the two others made up the next group.
    expect(told).toEqual([added(1, 1), 'counted', added(5, 2), 'counted', 'counted']);
    await store.close();
  });

  it('answers nothing before it has ended, and takes what arrived meanwhile as one group', async () => {
    const { groups, state, openStore } = breakable();
    let open = (): void => {};
    state.gate = new Promise((resolve) => {
      open = resolve;
    });
    const { gateway, post, sample } = await startGateway({}, { openStore });
    let arrived = 0;
    gateway.app.server.on('request', (request) => request.once('end', () => arrived++));
    let answered = 0;
    const posts = Array.from({ length: 20 }, async (_, seq) => {
      await post({ producer: 'p1', seq: seq + 1, metrics: [{ name: 'shots' }] });
      answered++;
    });
    await expect.poll(() => arrived).toBe(20);
    await sleep(200);
    expect(answered).toBe(0);
    expect(await sample('shots_total')).toBeUndefined();
    open();
    await Promise.all(posts);
    expect(groups.length).toBeLessThan(20);
    expect(await sample('shots_total')).toBe(20);
  });

  it('of a duplicate waits for the copy that is still on its way to the disk', async () => {
    const { state, openStore } = breakable();
    const { post, sample } = await startGateway({}, { openStore });
    state.failure = new Error('disk');
    const batch = { producer: 'p1', seq: 1, metrics: [{ name: 'shots' }] };
    const answers = await Promise.all([post(batch), post(batch), post(batch)]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(await sample('shots_total')).toBeUndefined();
  });

  it('keeps logs and spans, scrubbed, with their origin and a hash for the user', async () => {
    const { groups, openStore } = breakable();
    const { post, dataDir } = await startGateway({}, { openStore });
    const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    const answer = await post({
      metrics: [],
      producer: 'p1',
      seq: 1,
      app: { name: 'billiards', version: '1.0.0' },
      session: 's1',
      user: 'telegram:4242',
      page: '/game/17',
      logs: [
        {
          level: 'warn',
          message: 'from jane@example.com',
          timestamp: 5,
          extra: 'x',
          fields: { token: 'abc', ball_id: 3 },
        },
        { level: 'loud', message: '', timestamp: 5 },
      ],
      spans: [{ name: 'GET /x', ...trace, start: 1, duration: 2, attributes: { password: 'p' } }],
    });
    expect(answer.body).toMatchObject({ accepted: 2, rejected: [{ index: 1, list: 'logs' }] });
    const records: readonly QueueRecord[] = groups[0]?.enqueue ?? [];
    const origin = {
      tenant: 'default',
      tier: 'anonymous',
      received: expect.any(Number),
      producer: 'p1',
      app: { name: 'billiards', version: '1.0.0' },
      session: 's1',
      user: expect.stringMatching(/^[\da-f]{64}$/),
      page: '/game/:id',
    };
    expect(records).toEqual([
      {
        kind: 'log',
        ...origin,
        log: {
          level: 'warn',
          message: 'from [Filtered]',
          timestamp: 5,
          fields: { token: '[Filtered]', ball_id: 3 },
        },
      },
      {
        kind: 'span',
        ...origin,
        span: { name: 'GET /x', ...trace, start: 1, duration: 2, attributes: { password: '[Filtered]' } },
      },
    ]);
    expect(statSync(join(dataDir, 'gateway.secret')).mode & 0o777).toBe(0o600);
  });

  it('gives a user the same hash after a restart, and another one under another secret', async () => {
    const users: (string | undefined)[] = [];
    const batch = { metrics: [], user: 'u1', logs: [{ level: 'info', message: 'x', timestamp: 1 }] };
    const run = async (env: Record<string, string>): Promise<string> => {
      const { groups, openStore } = breakable();
      const { post, gateway, dataDir } = await startGateway(env, { openStore });
      await post(batch);
      await gateway.close();
      users.push(groups[0]?.enqueue[0]?.user);
      return dataDir;
    };
    const dataDir = await run({});
    await run({ DATA_DIR: dataDir });
    await run({ DATA_DIR: dataDir, GATEWAY_SECRET: 'x'.repeat(32) });
    expect(users[1]).toBe(users[0]);
    expect(users[2]).not.toBe(users[0]);
  });

  it('drops the oldest records of a full queue, counts them, and keeps the queue over a restart', async () => {
    const logs = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ level: 'info', message: `m${from + i}`, timestamp: 1 }));
    const first = await startGateway({ GATEWAY_QUEUE_LIMIT: '5' });
    await first.post({ metrics: [], logs: logs(0, 4) });
    expect(await first.sample('artel_gateway_queue_dropped_total')).toBe(0);
    await first.post({ metrics: [], logs: logs(4, 3) });
    await first.post({ metrics: [], logs: logs(7, 9) });
    expect(await first.sample('artel_gateway_queue_records')).toBe(5);
    expect(await first.sample('artel_gateway_queue_dropped_total')).toBe(11);
    await first.gateway.close();
    const second = await startGateway({ GATEWAY_QUEUE_LIMIT: '5', DATA_DIR: first.dataDir });
    expect(await second.sample('artel_gateway_queue_records')).toBe(5);
    await second.post({ metrics: [], logs: logs(16, 1) });
    expect(await second.sample('artel_gateway_queue_records')).toBe(5);
  });
});

describe('the sweep of the ledger', () => {
  it('is soon over a gateway whose producers have all been silent for too long', async () => {
    let now = Date.now();
    const { post, sample } = await startGateway({}, { clock: { ...systemClock, now: () => now } });
    for (let at = 0; at < 30; at++) await post({ producer: `p${at}`, seq: 1, metrics: [{ name: 'shots' }] });
    expect(await sample('artel_gateway_ledger_producers')).toBe(30);
    now += 31 * 86_400_000;
    const seen = new Set<number | undefined>();
    const look = async (): Promise<number | undefined> => {
      const producers = await sample('artel_gateway_ledger_producers');
      seen.add(producers);
      return producers;
    };
    await expect.poll(look).toBe(0);
    // All in one step: it takes a thousand each second.
    expect([...seen].every((producers) => producers === 30 || producers === 0)).toBe(true);
    expect(await sample('shots_total')).toBe(30);
  });

  it('forgets a producer that was silent for longer than the ledger keeps it, and no other', async () => {
    const day = 86_400_000;
    let now = Date.now();
    const clock = { ...systemClock, now: () => now };
    const store = openStore(tempDir());
    const book = createSeriesBook([], browserCatalogue);
    const committer = createCommitter({
      store,
      books: { of: () => book },
      resolve: (point) => resolveMetric(point, { catalogue: browserCatalogue, strict: false }),
      pseudonym: (user) => user,
      clock,
      queueLimit: () => 10,
      ledgerDays: () => 30,
      onCommit: () => {},
      onFailure: () => {},
    });
    const [tenant] = readConfig({}).tenants;
    if (!tenant) throw new Error('there is always a tenant');
    const submit = (producer: string) =>
      committer.submit({
        tenant,
        tier: 'anonymous',
        batch: { producer, seq: 1, metrics: [{ name: 'shots' }] },
        rejected: [],
        bytes: 50,
      });
    await submit('old');
    now += 20 * day;
    await submit('young');
    now += 20 * day;
    await committer.sweep();
    expect(store.readLedger('default old')).toBeUndefined();
    expect(store.readLedger('default young')).toMatchObject({ high: 1 });
    expect((await submit('young')).kind).toBe('duplicate');
    await store.close();
  });
});
