import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@artel/test-support/programs/waitUntil';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { type RunningRedis, startRedis, withoutRedis } from '@artel/test-support/servers/redis';
import { beforeAll, describe, expect, it } from 'vitest';
import { requireBuild } from '../../fixtures/cli';
import {
  countedBy,
  type GatewayProcess,
  gatewayProcess,
  type Load,
  startLoad,
  startProxy,
  sumOver,
} from '../../fixtures/cluster';
import { post } from '../../fixtures/gateway';

beforeAll(requireBuild);

const CLIENTS = 16;

async function startCluster(): Promise<{ redis: RunningRedis; gateways: readonly GatewayProcess[] }> {
  const redis = await ofTest(startRedis());
  const gateways = [gatewayProcess(redis), gatewayProcess(redis), gatewayProcess(redis)];
  await Promise.all(gateways.map((gateway) => gateway.start()));
  return { redis, gateways };
}

/** Every batch that was acknowledged is counted once, by one gateway, and nothing else is. */
async function expectExact(gateways: readonly GatewayProcess[], load: Load): Promise<void> {
  await load.stop();
  await until(async () => (await sumOver(gateways, 'artel_gateway_held_batches')) === 0);
  expect(await countedBy(gateways, load.books.keys())).toEqual(load.books);
}

const batchesOf = (load: Load): number =>
  [...load.books.values()].reduce((sum, { batches }) => sum + batches, 0);

/** Some time, and longer on a busy machine: so many more batches are acknowledged in it. */
async function goOn(load: Load, { ms, batches }: { ms: number; batches: number }): Promise<void> {
  const before = batchesOf(load);
  await sleep(ms);
  await until(() => batchesOf(load) >= before + batches);
}

const statusCount = (load: Load, status: number): number => load.statuses.get(status) ?? 0;

describe.skipIf(withoutRedis)('three gateways behind a proxy that loses answers', () => {
  it('count each batch once while one after the other is killed under load and started again', async () => {
    const { gateways } = await startCluster();
    const proxy = await startProxy(gateways);
    const load = startLoad(proxy.url, CLIENTS);
    for (const gateway of gateways.slice(1)) {
      await goOn(load, { ms: 700, batches: 4 * CLIENTS });
      await gateway.kill();
      await goOn(load, { ms: 300, batches: CLIENTS });
      await gateway.start();
    }
    await goOn(load, { ms: 500, batches: 4 * CLIENTS });
    await until(() => proxy.cut() > CLIENTS && statusCount(load, 0) > proxy.cut());
    await expectExact(gateways, load);
    expect(batchesOf(load)).toBeGreaterThan(10 * CLIENTS);
    expect(proxy.cut()).toBeGreaterThan(CLIENTS);
    expect(load.statuses.get(0)).toBeGreaterThan(proxy.cut());
    expect(await sumOver(gateways, 'artel_gateway_claims_total{verdict="theirs"}')).toBeGreaterThan(0);
    expect([...load.statuses.keys()].filter((status) => ![0, 202, 429, 503].includes(status))).toEqual([]);
  });

  it('count each batch once while Redis hangs, is killed, and is killed with one of them', async () => {
    const { redis, gateways } = await startCluster();
    const proxy = await startProxy(gateways);
    const load = startLoad(proxy.url, CLIENTS);
    const up = (): Promise<number> => sumOver(gateways, 'artel_gateway_redis_up{part="1"}');
    const isBack = async (): Promise<boolean> => (await up()) === 3;
    const isAway = async (): Promise<boolean> => (await up()) === 0;
    const someTime = { ms: 400, batches: 4 * CLIENTS };
    await goOn(load, someTime);
    redis.signal('SIGSTOP');
    await until(isAway);
    await until(() => statusCount(load, 503) > 0);
    redis.signal('SIGCONT');
    await until(isBack);
    await goOn(load, someTime);
    await redis.stop();
    await until(isAway);
    await redis.start();
    await until(isBack);
    await goOn(load, someTime);
    await Promise.all([redis.stop(), gateways[0]?.kill()]);
    await redis.start();
    await gateways[0]?.start();
    await until(isBack);
    await goOn(load, someTime);
    await expectExact(gateways, load);
    expect(batchesOf(load)).toBeGreaterThan(10 * CLIENTS);
    expect(load.statuses.get(503)).toBeGreaterThan(0);
    expect([...load.statuses.keys()].filter((status) => ![0, 202, 429, 503].includes(status))).toEqual([]);
  });

  it('count each batch once when Redis is replaced under load by one that knows nothing', async () => {
    const { redis, gateways } = await startCluster();
    const proxy = await startProxy(gateways);
    const load = startLoad(proxy.url, CLIENTS);
    await goOn(load, { ms: 800, batches: 4 * CLIENTS });
    await redis.stop();
    await until(() => statusCount(load, 503) > 0);
    redis.forget();
    await redis.start();
    await until(async () => (await sumOver(gateways, 'artel_gateway_redis_up{part="1"}')) === 3);
    await goOn(load, { ms: 500, batches: 4 * CLIENTS });
    await expectExact(gateways, load);
    expect(await sumOver(gateways, 'artel_gateway_redis_restored_total')).toBeGreaterThan(0);
    expect(load.statuses.get(503)).toBeGreaterThan(0);
  });
});

describe.skipIf(withoutRedis)('a gateway that is killed', () => {
  it('counts what it held once it is back, unless another has been sent it meanwhile', async () => {
    const redis = await ofTest(startRedis());
    // Without limits, which would find out before the batch is held that Redis hangs.
    const limits = 'limits: { requestsPerSecond: { key: 0, anonymous: 0, producer: 0, address: 0 } }';
    const [a, b] = [gatewayProcess(redis, limits, 2_000), gatewayProcess(redis, limits, 2_000)];
    await Promise.all([a.start(), b.start()]);
    const send = (gateway: GatewayProcess, seq: number) =>
      post(gateway.url() ?? '', { producer: 'p', seq, metrics: [{ name: 'shots', value: seq }] });
    await until(async () => (await sumOver([a, b], 'artel_gateway_redis_up{part="1"}')) === 2);
    redis.signal('SIGSTOP');
    const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((seq) => send(a, seq)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
    const held = await sumOver([a], 'artel_gateway_held_batches');
    expect(held).toBeGreaterThan(0);
    await a.kill();
    redis.signal('SIGCONT');
    await until(async () => (await sumOver([b], 'artel_gateway_redis_up{part="1"}')) === 1);
    for (const seq of [1, 2, 3]) expect((await send(b, seq)).status).toBe(202);
    await a.start();
    await until(async () => (await sumOver([a], 'artel_gateway_held_batches')) === 0);
    for (const seq of [4, 5, 6, 7, 8]) expect((await send(b, seq)).status).toBe(202);
    await until(async () => (await sumOver([a, b], 'artel_gateway_held_batches')) === 0);
    expect(await sumOver([a, b], 'shots_total')).toBe(36);
  });
});
