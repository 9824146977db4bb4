import { startPostgres, withoutPostgres } from '@artel/test-support/servers/postgres';
import { startRabbitMq, withoutRabbitMq } from '@artel/test-support/servers/rabbitMq';
import { startRedis, withoutRedis } from '@artel/test-support/servers/redis';
import type { RunningServer } from '@artel/test-support/servers/runningServer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGame } from './game.fixture';

const within = { interval: 100 };

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly retryAfter: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the service says; each test looks at its own part
  readonly body: any;
}

describe.skipIf(withoutPostgres || withoutRedis || withoutRabbitMq)('without one of its servers', () => {
  let servers: Record<'postgres' | 'redis' | 'rabbit', RunningServer>;

  beforeAll(async () => {
    const [postgres, redis, rabbit] = await Promise.all([startPostgres(), startRedis(), startRabbitMq()]);
    servers = { postgres, redis, rabbit };
  });

  afterAll(async () => {
    await Promise.all(Object.values(servers ?? {}).map((server) => server.close()));
  });

  async function open() {
    const { app } = await openGame({
      storage: 'database',
      databaseUrl: servers.postgres.url,
      redisUrl: servers.redis.url,
      amqpUrl: servers.rabbit.url,
    });
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const ask = async (path: string, payload?: object): Promise<Answer> => {
      const response = await fetch(
        address + path,
        payload && {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(payload),
        },
      );
      const { headers, status } = response;
      const [type, retryAfter] = [headers.get('content-type'), headers.get('retry-after')];
      return { status, type, retryAfter, body: await response.json() };
    };
    const ready = async () => {
      const { status, body } = await ask('/health/ready');
      return [status, body.failed_checks ?? [], body.degraded_checks ?? []];
    };
    const isWell = () => expect.poll(ready, within).toEqual([200, [], []]);
    await isWell();
    const figures = async () => {
      const { body } = await ask('/api/game/stats');
      return body.stats?.find((one: { gameType: string }) => one.gameType === 'kolkhoz') ?? {};
    };
    const before = { ballsPotted: 0, ...(await figures()) };
    const { body } = await ask('/api/game/sessions', { gameType: 'kolkhoz', players: ['Anna', 'Boris'] });
    const own = `/api/game/sessions/${body.id}`;
    return {
      ask,
      ready,
      isWell,
      own,
      pot: (ball: number) => ask(`${own}/pot`, { playerId: 'p1', ball }),
      /** Balls in the figures since this service began. */
      counted: async () => (await figures()).ballsPotted - before.ballsPotted,
    };
  }

  const problem = (status: number) => ({
    status,
    type: 'application/problem+json; charset=utf-8',
    body: { type: 'about:blank', status },
  });

  it('plays on without Redis, whether it is gone or hangs, and has its own again by itself', async () => {
    const { ask, pot, ready, isWell, own } = await open();
    const { redis } = servers;
    for (const [ball, leave, comeBack] of [
      [1, () => redis.stop(), () => redis.start()],
      [2, async () => redis.signal('SIGSTOP'), async () => redis.signal('SIGCONT')],
    ] as const) {
      await leave();
      await expect.poll(ready, within).toEqual([200, [], ['redis']]);
      const potted = await pot(ball);
      expect(potted).toMatchObject({ status: 200 });
      expect(await ask(own)).toMatchObject({ status: 200, body: potted.body });
      const absent = await ask(`${own}/presence`);
      expect(absent).toMatchObject({ ...problem(503), retryAfter: '1' });
      expect(absent.body.detail).toContain('Redis');
      await comeBack();
      await isWell();
      await expect.poll(async () => (await ask(`${own}/presence`)).status, within).toBe(200);
      // What Redis had kept of the session is from before.
      expect((await ask(own)).body).toEqual(potted.body);
    }
    expect((await ask(`${own}/presence`, { playerId: 'p1' })).body.online).toEqual(['p1']);
  });

  it('plays on without RabbitMQ, and counts each event exactly once when it is back', async () => {
    const { pot, ready, isWell, counted } = await open();
    await pot(1);
    await expect.poll(counted, within).toBe(1);
    await servers.rabbit.stop();
    await expect.poll(ready, within).toEqual([200, [], ['rabbitmq']]);
    for (const ball of [2, 3, 4, 5]) expect(await pot(ball)).toMatchObject({ status: 200 });
    expect(await counted()).toBe(1);
    await servers.rabbit.start();
    await isWell();
    await expect.poll(counted, within).toBe(5);
    for (const ball of [6, 7]) await pot(ball);
    await expect.poll(counted, within).toBe(7);
  });

  it('loses and doubles nothing when RabbitMQ breaks in the middle of play', async () => {
    const { pot, isWell, counted } = await open();
    const play = async () => {
      for (let ball = 1; ball <= 15; ball += 1) expect(await pot(ball)).toMatchObject({ status: 200 });
    };
    const [, ,] = await Promise.all([play(), servers.rabbit.stop()]);
    await servers.rabbit.start();
    await isWell();
    await expect.poll(counted, within).toBe(15);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await counted()).toBe(15);
  });

  it('says so without PostgreSQL, goes on with what needs none, and has lost nothing when it is back', async () => {
    const { ask, pot, ready, isWell, own, counted } = await open();
    for (const ball of [1, 2, 3]) expect(await pot(ball)).toMatchObject({ status: 200 });
    const { body: accepted } = await ask(own);
    await servers.postgres.stop();
    await expect.poll(ready, within).toEqual([503, ['postgresql'], []]);
    expect(await ask('/health/live')).toMatchObject({ status: 200 });
    expect(await ask(`${own}/presence`)).toMatchObject({ status: 200, body: { online: ['p1'] } });
    const refused = await pot(4);
    expect(refused).toMatchObject({ ...problem(503), retryAfter: '1' });
    expect(refused.body.detail).toBe('The database does not answer; try again later');
    expect(JSON.stringify(refused.body)).not.toMatch(/127\.0\.0\.1|ECONN/);
    expect(await ask('/api/game/stats')).toMatchObject(problem(503));
    expect(await ask('/api/game/sessions')).toMatchObject(problem(503));

    await servers.postgres.start();
    await isWell();
    expect((await ask(own)).body).toEqual(accepted);
    expect(await pot(4)).toMatchObject({ status: 200 });
    await expect.poll(counted, within).toBe(4);
  });

  it('starts while PostgreSQL is away, and plays when it comes', async () => {
    await servers.postgres.stop();
    const { app } = await openGame({ storage: 'database', databaseUrl: servers.postgres.url });
    const payload = { gameType: 'kolkhoz', players: ['Anna', 'Boris'] };
    const create = () => app.inject({ method: 'POST', url: '/api/game/sessions', payload });
    expect((await app.inject('/health/ready')).json()).toMatchObject({ failed_checks: ['postgresql'] });
    expect((await create()).statusCode).toBe(503);
    await servers.postgres.start();
    await expect.poll(async () => (await create()).statusCode, within).toBe(201);
  });
});
