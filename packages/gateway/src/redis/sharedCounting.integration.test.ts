import { until } from '@artel/test-support/programs/waitUntil';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { type RunningRedis, startRedis, withoutRedis } from '@artel/test-support/servers/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, fileOf, type RunningGateway, startGateway, tempDir } from '../../fixtures/gateway';
import { readConfig } from '../config';
import { openStore, type Store } from '../store';

/** The real store, with commits that a test can have fail: those that count what is held, or all. */
function breakable() {
  const state: { fails: 'none' | 'counting' | 'all' } = { fails: 'none' };
  const open = (dataDir: string): Store => {
    const store = openStore(dataDir);
    return {
      ...store,
      commit(changes) {
        const isCounting = (changes.release?.length ?? 0) > 0;
        const fails = state.fails === 'all' || (state.fails === 'counting' && isCounting);
        return fails ? Promise.reject(new Error('disk')) : store.commit(changes);
      },
    };
  };
  return { state, openStore: open };
}

let prefixes = 0;
/** Names of a test's own in the Redis that all tests of this file share. */
const ownPrefix = (): string => `test${prefixes++}:`;

function envOf(
  redis: RunningRedis,
  prefix: string,
  more: Record<string, string> = {},
): Record<string, string> {
  // Without limits a batch is the first to ask of Redis.
  const limits = 'limits: { requestsPerSecond: { key: 0, anonymous: 0, producer: 0, address: 0 } }';
  const file = fileOf(`redis: { url: '${redis.url}', prefix: '${prefix}', timeoutMs: 2000 }\n${limits}\n`);
  return { GATEWAY_CONFIG: file, ...more };
}

const shots = (seq: number, producer = 'p') => ({ producer, seq, metrics: [{ name: 'shots', value: seq }] });

async function sum(gateways: readonly RunningGateway[], name = 'shots_total'): Promise<number> {
  const samples = await Promise.all(gateways.map((gateway) => gateway.sample(name)));
  return samples.reduce<number>((total, one) => total + (one ?? 0), 0);
}

const held = (gateway: RunningGateway) => gateway.sample('artel_gateway_held_batches');

describe.skipIf(withoutRedis)('gateways that share a Redis', () => {
  let redis: RunningRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.close());

  it('count a batch once, whichever of them it is sent to, and show it when it is answered', async () => {
    const env = envOf(redis, ownPrefix());
    const [a, b] = [await startGateway(env), await startGateway(env)];
    expect((await a.post(shots(1))).body).toMatchObject({ accepted: 1, duplicate: false });
    expect(await a.sample('shots_total')).toBe(1);
    expect((await b.post(shots(1))).body).toEqual({ accepted: 0, rejected: [], duplicate: true });
    expect((await a.post(shots(1))).body).toMatchObject({ duplicate: true });
    expect((await b.post(shots(2))).body).toMatchObject({ duplicate: false });
    const many = Array.from({ length: 20 }, (_, at) => shots(at + 1, 'q'));
    const answers = await Promise.all(many.flatMap((batch) => [a.post(batch), b.post(batch), a.post(batch)]));
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    await until(async () => (await held(a)) === 0 && (await held(b)) === 0);
    expect(await sum([a, b])).toBe(1 + 2 + 210);
    expect(await b.sample('artel_gateway_claims_total{verdict="ours"}')).toBeGreaterThan(0);
  });

  it('count one without producer or seq each time, with Redis or without', async () => {
    const own = await ofTest(startRedis());
    const a = await startGateway(envOf(own, 'x:'));
    const anonymous = { metrics: [{ name: 'shots' }] };
    await a.post(anonymous);
    await own.stop();
    await until(async () => (await a.sample('artel_gateway_redis_up{part="1"}')) === 0);
    expect((await a.post(anonymous)).status).toBe(202);
    expect(await a.sample('shots_total')).toBe(2);
  });

  it('refuse a batch in which nothing is right, unless another of them has counted it', async () => {
    const env = envOf(redis, ownPrefix());
    const [lax, strict] = [
      await startGateway(env),
      await startGateway({ ...env, GATEWAY_STRICT_CATALOGUE: 'true' }),
    ];
    expectProblem(await strict.post(shots(1)), 400, /could be counted/);
    expect((await lax.post(shots(1))).body).toMatchObject({ duplicate: false });
    expect((await strict.post(shots(1))).body).toMatchObject({ duplicate: true });
  });

  it('hold no more names outside the catalogue than there is room for', async () => {
    const a = await startGateway(envOf(redis, ownPrefix()));
    const answers = await Promise.all(
      Array.from({ length: 260 }, (_, at) =>
        a.post({ producer: `p${at}`, seq: 1, metrics: [{ name: `shots_of_${at}` }] }),
      ),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(200);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(60);
  });

  it('answer 503 while Redis is away, are not ready, and take the batch when it is back', async () => {
    const own = await ofTest(startRedis());
    await own.stop();
    const lines: string[] = [];
    const logStream = { write: (line: string) => void lines.push(line) };
    const a = await startGateway(envOf(own, 'x:', { LOG_LEVEL: 'warn' }), { logStream });
    const refused = await a.post(shots(1));
    expectProblem(refused, 503, /cannot be reached; nothing of this batch was kept/);
    expect(refused.headers.get('retry-after')).toBe('2');
    expectProblem(await a.get('/health/ready'), 503, /^redis: 1 of 1 away/);
    expect((await a.get('/health')).body).toMatchObject({
      checks: { redis: { status: 'failed' }, store: { status: 'ok' } },
    });
    expect((await a.get('/health/live')).status).toBe(200);
    expect(await a.sample('artel_gateway_unsettled_batches_total{kept="false"}')).toBe(1);
    await own.start();
    await until(async () => (await a.get('/health/ready')).status === 200);
    expect((await a.post(shots(1))).body).toMatchObject({ duplicate: false });
    expect(lines.filter((line) => line.includes('no Redis'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('Redis is back'))).toHaveLength(1);
  });

  it('count what they held as Redis hung, once, though they could not tell so', async () => {
    const own = await ofTest(startRedis());
    const env = envOf(own, 'x:');
    const [a, b] = await Promise.all([startGateway(env), startGateway(env)]);
    own.signal('SIGSTOP');
    const answers = await Promise.all([a.post(shots(1)), b.post(shots(1)), a.post(shots(2))]);
    for (const answer of answers) expectProblem(answer, 503, /is kept.*send it again, it counts once/);
    expect([await held(a), await held(b), await sum([a, b])]).toEqual([2, 1, 0]);
    expectProblem(await a.post(shots(3)), 503, /nothing of this batch was kept/);
    own.signal('SIGCONT');
    await until(async () => (await held(a)) === 0 && (await held(b)) === 0);
    expect(await sum([a, b])).toBe(3);
    expect((await b.post(shots(2))).body).toMatchObject({ duplicate: true });
    expect(await a.sample('artel_gateway_unsettled_batches_total{kept="true"}')).toBe(2);
  });

  it('go on trying to count what is theirs on a disk that fails, while others answer it as counted', async () => {
    const env = envOf(redis, ownPrefix());
    const { state, openStore: open } = breakable();
    const a = await startGateway(env, { openStore: open });
    const b = await startGateway(env);
    state.fails = 'counting';
    expectProblem(await a.post(shots(5)), 503, /is kept/);
    expect((await b.post(shots(5))).body).toMatchObject({ duplicate: true });
    expect(await sum([a, b])).toBe(0);
    state.fails = 'all';
    expectProblem(await a.post(shots(6)), 503, /could not be written; nothing of this batch was kept/);
    expect((await b.post(shots(6))).body).toMatchObject({ duplicate: false });
    state.fails = 'none';
    await until(async () => (await held(a)) === 0);
    expect([await sum([a]), await sum([b])]).toEqual([5, 6]);
  });

  it('leave what is not settled on the disk when they close, and go on with it when they start', async () => {
    const own = await ofTest(startRedis());
    const env = envOf(own, 'x:');
    const [a, b] = await Promise.all([startGateway(env), startGateway(env)]);
    own.signal('SIGSTOP');
    const log = { level: 'info', message: 'm', timestamp: 1 };
    await Promise.all([a.post({ ...shots(1), logs: [log] }), a.post(shots(2))]);
    // It ends though Redis still hangs.
    await a.gateway.close();
    own.signal('SIGCONT');
    await until(async () => (await b.get('/health/ready')).status === 200);
    // The hung Redis may have run the claims of the first gateway: then these are duplicates, else those will be.
    const answers = [await b.post(shots(2)), await b.post(shots(3))];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);

    const lines: string[] = [];
    const alone = await startGateway(
      { DATA_DIR: a.dataDir, LOG_LEVEL: 'warn' },
      { logStream: { write: (line) => void lines.push(line) } },
    );
    expect(lines.join()).toMatch(/"held":2.*REDIS_URL: is not set/);
    expect(await alone.sample('shots_total')).toBeUndefined();
    await alone.gateway.close();

    const again = await startGateway({ ...env, DATA_DIR: a.dataDir });
    await until(async () => (await held(again)) === 0);
    expect(await sum([again, b])).toBe(1 + 2 + 3);
    expect(await again.sample('artel_gateway_queue_records')).toBe(1);
    expect((await again.post(shots(1))).body).toMatchObject({ duplicate: true });
  });

  it('do not claim what they had counted alone', async () => {
    const DATA_DIR = tempDir();
    const alone = await startGateway({ DATA_DIR });
    await alone.post(shots(1));
    await alone.gateway.close();
    const a = await startGateway(envOf(redis, ownPrefix(), { DATA_DIR }));
    expect((await a.post(shots(1))).body).toMatchObject({ duplicate: true });
    expect((await a.post(shots(2))).body).toMatchObject({ duplicate: false });
    expect(await a.sample('shots_total')).toBe(3);
  });

  it('take another Redis after a restart only', async () => {
    const logStream = { write: () => {} };
    const a = await startGateway(envOf(redis, ownPrefix()), { logStream });
    expect(
      await a.gateway.reload(readConfig({ ...envOf(redis, 'y:'), GATEWAY_PORT: '0', DATA_DIR: a.dataDir })),
    ).toEqual(['redis']);
    expect((await a.post(shots(1))).status).toBe(202);
    expect(await redis.command('KEYS', 'y:*')).toEqual([]);
  });
});
