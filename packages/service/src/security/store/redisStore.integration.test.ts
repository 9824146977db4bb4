import { until } from '@artel/test-support/programs/waitUntil';
import { withoutRedis } from '@artel/test-support/servers/redis';
import { describe, expect, it } from 'vitest';
import { type RunningRedis, startRedis } from '../../../fixtures/redis';
import { createLog, createWatch, type Watch } from '../../../fixtures/security';
import { createRedisStore, type RedisStoreOptions } from './redisStore';

interface Process extends Watch {
  /** What its store has logged. */
  storeLog(): string;
}

/** What one process of a service has: a client, a store and a monitor of its own. */
async function startProcess(
  redis: RunningRedis,
  options: Partial<RedisStoreOptions> = {},
  blocking = false,
): Promise<Process> {
  const { logger, written } = createLog();
  const client = await redis.connect();
  const store = createRedisStore({
    client,
    logger,
    timeoutMs: 30_000,
    refreshMs: 50,
    retryMs: 50,
    ...options,
  });
  return { ...createWatch({ store, blocking }), storeLog: () => written.join('') };
}

async function sumOf(processes: readonly Watch[], name: string, labels = {}): Promise<number> {
  const counts = await Promise.all(processes.map((one) => one.counted(name, labels)));
  return counts.reduce((sum, count) => sum + count, 0);
}

const attempt = { address: '192.0.2.7', account: 'anna', reason: 'wrong_password' };

describe.skipIf(withoutRedis)('two processes beside a Redis', () => {
  it('raise brute force once for twenty wrong sign-ins at the same time', async () => {
    const redis = await startRedis();
    const both = await Promise.all([startProcess(redis), startProcess(redis)]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => (both[at % 2] ?? both[0]).monitor.recordFailedAttempt(attempt)),
    );
    expect(await sumOf(both, 'auth_failures_total', { reason: 'wrong_password' })).toBe(20);
    expect(await sumOf(both, 'security_events_total', { event_type: 'auth_failure' })).toBe(20);
    expect(await sumOf(both, 'security_events_total', { event_type: 'brute_force_detected' })).toBe(1);
    expect(both.flatMap((one) => one.linesOf('brute_force_detected'))).toHaveLength(1);
    expect(answers.filter(({ raised }) => raised.length > 0)).toHaveLength(1);
    expect(answers.filter(({ isBruteForce }) => isBruteForce)).toHaveLength(16);
  });

  it('raise it for each of many accounts and addresses at once', async () => {
    const redis = await startRedis();
    const both = await Promise.all([startProcess(redis), startProcess(redis)]);
    const attempts = Array.from({ length: 200 }, (_, at) => ({ address: `198.51.100.${at % 10}` }));
    await Promise.all(attempts.map((one, at) => both[at % 2]?.monitor.recordFailedAttempt(one)));
    expect(await sumOf(both, 'security_events_total', { event_type: 'brute_force_detected' })).toBe(10);
  });

  it('have neither address nor account in Redis, and nothing that stays', async () => {
    const redis = await startRedis();
    const { monitor } = await startProcess(redis, {}, true);
    for (let count = 0; count < 5; count++) await monitor.recordFailedAttempt(attempt);
    await monitor.checkSession({ ...attempt, sessionId: 'the-session' });
    const client = await redis.connect();
    const keys = await client.keys('*');
    expect(keys.map((key) => key.replace(/[\da-f]{32}$/, '#')).sort()).toEqual([
      '{artel-security}:account:#',
      '{artel-security}:address:#',
      '{artel-security}:blocks',
      '{artel-security}:blocks:version',
      '{artel-security}:offences:#',
      '{artel-security}:session:#',
    ]);
    for (const key of keys) expect(await client.pTTL(key), key).toBeGreaterThan(0);
    const values = await client.zRange('{artel-security}:blocks', 0, -1);
    expect(JSON.stringify([keys, values])).not.toMatch(/192\.0\.2|anna|the-session/);
  });

  it('know of each other’s blocks, and of their end', async () => {
    const redis = await startRedis();
    const [one, other] = await Promise.all([startProcess(redis), startProcess(redis)]);
    expect(await other.monitor.isBlocked('192.0.2.7')).toBe(false);
    await one.monitor.block('192.0.2.7', 60_000, 'by hand');
    expect(await one.monitor.isBlocked('192.0.2.7')).toBe(true);
    await until(() => other.monitor.isBlocked('192.0.2.7'));
    expect(await other.monitor.isBlocked('192.0.2.8')).toBe(false);
    await other.monitor.unblock('192.0.2.7');
    await until(async () => !(await one.monitor.isBlocked('192.0.2.7')));
    await one.monitor.block('192.0.2.7', 60_000, 'by hand');
    one.pass(60_000);
    expect(await one.monitor.isBlocked('192.0.2.7')).toBe(false);
  });

  it('hold no more blocks than there may be, and keep those that end last', async () => {
    const redis = await startRedis();
    const { monitor } = await startProcess(redis, { maxBlocks: 8 });
    for (let at = 1; at <= 20; at++) await monitor.block(`192.0.2.${at}`, at * 60_000, 'by hand');
    const client = await redis.connect();
    expect(await client.zCard('{artel-security}:blocks')).toBe(8);
    expect(await monitor.isBlocked('192.0.2.12')).toBe(false);
    expect(await monitor.isBlocked('192.0.2.13')).toBe(true);
  });

  it('tell a session in other hands once between them', async () => {
    const redis = await startRedis();
    const both = await Promise.all([startProcess(redis), startProcess(redis)]);
    const [one, other] = both;
    const session = { sessionId: 's1', account: 'anna' };
    expect(await one.monitor.checkSession({ ...session, address: '192.0.2.1', userAgent: 'A' })).toBe(false);
    expect(await other.monitor.checkSession({ ...session, address: '192.0.2.2', userAgent: 'A' })).toBe(
      false,
    );
    const thief = { ...session, address: '203.0.113.9', userAgent: 'B' };
    expect(await other.monitor.checkSession(thief)).toBe(true);
    expect(await one.monitor.checkSession(thief)).toBe(true);
    expect(await sumOf(both, 'security_events_total', { event_type: 'session_hijack_attempt' })).toBe(1);
  });
});

describe.skipIf(withoutRedis)('a process whose Redis goes away', () => {
  it('counts by itself, says so once, and counts together again when it is back', async () => {
    const redis = await startRedis();
    const both = await Promise.all([startProcess(redis), startProcess(redis)]);
    const [one, other] = both;
    await one.monitor.recordFailedAttempt(attempt);
    await redis.stop();
    const alone = [];
    for (let count = 0; count < 20; count++) alone.push(await one.monitor.recordFailedAttempt(attempt));
    expect(alone.filter(({ raised }) => raised.length > 0)).toHaveLength(1);
    expect(await one.counted('auth_failures_total')).toBe(21);
    expect(one.storeLog().match(/no Redis/g)).toHaveLength(1);

    await redis.start();
    // Each goes on by itself until it has asked again.
    const stranger = { address: '203.0.113.1' };
    for (const process of both) {
      await until(async () => {
        await process.monitor.recordFailedAttempt(stranger);
        return process === other || process.storeLog().includes('Redis is back');
      });
    }
    expect(one.storeLog().match(/Redis is back/g)).toHaveLength(1);
    const fresh = { address: '203.0.113.2' };
    const together = [];
    for (let at = 0; at < 20; at++) {
      together.push(await (both[at % 2] ?? one).monitor.recordFailedAttempt(fresh));
    }
    expect(together.filter(({ raised }) => raised.length > 0)).toHaveLength(1);
  });

  it('goes on to block whom it knew of and whom it blocks meanwhile, and hands these on', async () => {
    const redis = await startRedis();
    const [one, other] = await Promise.all([startProcess(redis), startProcess(redis)]);
    await one.monitor.block('192.0.2.7', 60_000, 'before');
    expect(await one.monitor.isBlocked('192.0.2.7')).toBe(true);
    await redis.stop();
    await one.monitor.block('192.0.2.8', 60_000, 'meanwhile');
    for (const address of ['192.0.2.7', '192.0.2.8']) {
      expect(await one.monitor.isBlocked(address), address).toBe(true);
    }
    await redis.start();
    await until(async () => {
      await one.monitor.isBlocked('192.0.2.8');
      return other.monitor.isBlocked('192.0.2.8');
    });
    expect(await one.monitor.isBlocked('192.0.2.8')).toBe(true);
  });

  it('does not wait for a Redis that hangs', async () => {
    const redis = await startRedis();
    const one = await startProcess(redis, { timeoutMs: 100, retryMs: 3_600_000 });
    await one.monitor.recordFailedAttempt(attempt);
    redis.signal('SIGSTOP');
    try {
      const answers = [];
      for (let count = 0; count < 8; count++) answers.push(await one.monitor.recordFailedAttempt(attempt));
      expect(answers.filter(({ raised }) => raised.length > 0)).toHaveLength(1);
      // It knows that Redis is away, and does not even promise.
      expect(one.monitor.blockedForMs('192.0.2.7')).toBe(0);
      expect(one.storeLog()).toContain('no answer within 100 ms');
    } finally {
      redis.signal('SIGCONT');
    }
  });
});
