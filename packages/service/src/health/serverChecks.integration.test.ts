import { createServer } from 'node:http';
import { until } from '@artel/test-support/programs/waitUntil';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { startPostgres, withoutPostgres } from '@artel/test-support/servers/postgres';
import { startRabbitMq, withoutRabbitMq } from '@artel/test-support/servers/rabbitMq';
import { startRedis, withoutRedis } from '@artel/test-support/servers/redis';
import { createClient } from '@redis/client';
import { type ChannelModel, connect } from 'amqplib';
import { Pool } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HealthCheck } from './healthCheck';
import { HealthMonitor } from './healthMonitor';
import { checkDisk, checkEventLoop, checkMemory } from './machineChecks';
import { checkHttp, checkPostgres, checkRabbitMq, checkRedis } from './serverChecks';

/** What one check finds, each time anew. */
function watch(check: HealthCheck) {
  const monitor = new HealthMonitor({ checks: [check], cacheMs: 0 });
  return async () => {
    const [result] = (await monitor.runAllChecks()).checks;
    if (!result) throw new Error('no result');
    return result;
  };
}

describe('the checks of servers', () => {
  it.skipIf(withoutPostgres)(
    'say that PostgreSQL is away, hangs, is exhausted, and is well again',
    async () => {
      const server = await ofTest(startPostgres());
      const pool = new Pool({ connectionString: server.url, max: 2 });
      pool.on('error', () => {});
      onTestFinished(() => pool.end());
      const look = watch(checkPostgres(pool, { timeoutMs: 5_000 }));
      expect(await look()).toMatchObject({
        name: 'postgresql',
        status: 'healthy',
        details: { active: 0, max: 2 },
      });

      const clients = [await pool.connect(), await pool.connect()];
      const waiting = pool.query('SELECT 1');
      const exhausted = look();
      for (const client of clients) client.release();
      expect(await exhausted).toMatchObject({ status: 'degraded', details: { active: 2, waiting: 1 } });
      await waiting;

      server.signal('SIGSTOP');
      expect(await look()).toMatchObject({ status: 'unhealthy', reason: 'no answer within 5000 ms' });
      server.signal('SIGCONT');
      await until(async () => (await look()).status === 'healthy');

      await server.stop();
      await until(async () => (await look()).reason === 'failed');
      expect(JSON.stringify(await look())).not.toMatch(/127\.0\.0\.1|ECONNREFUSED/);
      await server.start();
      await until(async () => (await look()).status === 'healthy');
    },
  );

  it.skipIf(withoutRedis)('say that Redis is away, hangs, and is well again', async () => {
    const server = await ofTest(startRedis());
    const client = createClient({ url: server.url, socket: { reconnectStrategy: 50 } });
    client.on('error', () => {});
    await client.connect();
    onTestFinished(() => client.destroy());
    const look = watch(checkRedis(client, { timeoutMs: 5_000 }));
    expect(await look()).toMatchObject({ name: 'redis', status: 'healthy' });

    server.signal('SIGSTOP');
    expect(await look()).toMatchObject({ status: 'unhealthy', reason: 'no answer within 5000 ms' });
    server.signal('SIGCONT');
    await until(async () => (await look()).status === 'healthy');

    await server.stop();
    await until(() => !client.isReady);
    expect(await look()).toMatchObject({ status: 'unhealthy', reason: 'not connected' });
    await server.start();
    await until(async () => (await look()).status === 'healthy');
  });

  it.skipIf(withoutRabbitMq)('say that RabbitMQ is away, and is well again on a new connection', async () => {
    const server = await ofTest(startRabbitMq());
    let connection: ChannelModel | undefined;
    const join = async () => {
      connection = await connect(server.url);
      connection.on('error', () => {});
    };
    await join();
    onTestFinished(() => connection?.close().catch(() => {}));
    const look = watch(checkRabbitMq(() => connection, { timeoutMs: 5_000 }));
    expect(await look()).toMatchObject({ name: 'rabbitmq', status: 'healthy' });
    await server.stop();
    expect(await look()).toMatchObject({ status: 'unhealthy', reason: 'failed' });
    connection = undefined;
    expect(await look()).toMatchObject({ status: 'unhealthy', reason: 'not connected' });
    await server.start();
    await join();
    expect(await look()).toMatchObject({ status: 'healthy' });
  });

  it('say how a service outside answers', async () => {
    let status = 200;
    const server = createServer((_request, response) => {
      if (status > 0) response.writeHead(status).end('answer');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/bot-secret/getMe`;
    const look = watch(checkHttp(url, { name: 'telegram', timeoutMs: 5_000 }));
    expect(await look()).toMatchObject({
      name: 'telegram',
      critical: false,
      status: 'healthy',
      details: { statusCode: 200 },
    });
    status = 404;
    expect(await look()).toMatchObject({ status: 'healthy' });
    status = 502;
    expect(await look()).toMatchObject({ status: 'unhealthy', details: { statusCode: 502 } });
    status = 0;
    expect(await look()).toMatchObject({ status: 'unhealthy', reason: 'no answer within 5000 ms' });
    server.closeAllConnections();
    server.close();
    await until(async () => (await look()).reason === 'failed');
    expect(JSON.stringify(await look())).not.toContain('secret');
    expect(() => checkHttp('ftp://x', { name: 'x' })).toThrow(
      'url: expected an http or https address, got "ftp://x"',
    );
  });
});

describe('the checks of the machine', () => {
  it('judge the disk by what is free', async () => {
    expect(await watch(checkDisk('/', { minFreeBytes: 0, degradedFreeShare: 0 }))()).toMatchObject({
      status: 'healthy',
    });
    expect(await watch(checkDisk('/', { minFreeBytes: 0, degradedFreeShare: 1.1 }))()).toMatchObject({
      status: 'degraded',
    });
    const full = await watch(checkDisk('/', { minFreeBytes: 1e18 }))();
    expect(full).toMatchObject({ status: 'unhealthy', reason: 'the disk is full' });
    expect(full.details?.['totalBytes']).toBeGreaterThan(Number(full.details?.['freeBytes']));
    const missing = await watch(checkDisk('/no/such/secret'))();
    expect(missing).toMatchObject({ status: 'unhealthy', reason: 'failed' });
    expect(JSON.stringify(missing)).not.toContain('secret');
  });

  it('judge the memory by its limit', async () => {
    const used = process.memoryUsage.rss();
    const statusAt = async (limitBytes: number) => (await watch(checkMemory({ limitBytes }))()).status;
    expect(await statusAt(used * 10)).toBe('healthy');
    expect(await statusAt(used / 0.9)).toBe('degraded');
    expect(await statusAt(used / 2)).toBe('unhealthy');
    expect(() => checkMemory({ degradedShare: 0.99 })).toThrow(
      'checkMemory: expected the bound of degraded (0.99) not above that of unhealthy (0.95)',
    );
  });

  it('see an event loop that was blocked, and that it is no more', async () => {
    const look = watch(checkEventLoop({ degradedMs: 150, unhealthyMs: 60_000 }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const end = performance.now() + 600;
    while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const blocked = await look();
    expect(blocked).toMatchObject({
      status: 'degraded',
      reason: 'the event loop is blocked',
      critical: false,
    });
    expect(blocked.details?.['delayP99Ms']).toBeGreaterThan(150);
    await until(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return (await look()).status === 'healthy';
    });
  });
});
