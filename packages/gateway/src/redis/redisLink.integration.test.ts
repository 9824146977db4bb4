import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@artel/test-support/programs/waitUntil';
import { ofTest } from '@artel/test-support/servers/ofTest';
import { startRedis, withoutRedis } from '@artel/test-support/servers/redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../clock';
import { systemWait } from '../outputs/wait';
import { createRedisLink, RedisDownError, type RedisLinkOptions, type RunScript } from './redisLink';

const SCRIPT = "return redis.call('INCR', KEYS[1])";

function startLink(url: string, options: Partial<RedisLinkOptions> = {}) {
  const lines: string[] = [];
  const recalls: number[] = [];
  const log = (fields: object, message: string): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const link = createRedisLink({
    url,
    scripts: [SCRIPT],
    layout: { key: 'x:part', value: '1 of 1' },
    // Longer than any Redis that works needs on a busy machine.
    timeoutMs: 60_000,
    settleMs: 300,
    clock: systemClock,
    wait: systemWait,
    random: () => 0,
    logger: { info: log, warn: log },
    recall: async (run: RunScript) => void recalls.push(Number(await run(SCRIPT, ['recalls'], []))),
    onChange: () => {},
    ...options,
  });
  onTestFinished(() => link.close());
  const isUp = (): boolean => link.isUp();
  const isDown = (): boolean => !link.isUp();
  return { link, lines, recalls, isUp, isDown, run: () => link.run(SCRIPT, ['n'], []) };
}

/** A program that ends once Redis has run the script, and so has answered it. */
const waitFor = (port: number): string => `
  const socket = require('node:net').connect(${port}, '127.0.0.1');
  const ask = () => socket.write('GET n\\r\\n');
  socket.on('connect', ask);
  socket.on('data', (answer) => (String(answer).includes('1\\r\\n1') ? process.exit(0) : setTimeout(ask, 20)));`;

describe.skipIf(withoutRedis)('the link to Redis', () => {
  it('rejects while there is none, and runs scripts once there is', async () => {
    const redis = await ofTest(startRedis());
    await redis.stop();
    const { link, lines, run, isUp } = startLink(redis.url);
    await expect(run()).rejects.toThrow(RedisDownError);
    await until(() => lines.length > 0);
    await redis.start();
    await until(isUp);
    expect(await run()).toBe(1);
    await link.close();
    await expect(run()).rejects.toThrow(RedisDownError);
    expect(lines).toEqual([
      expect.stringMatching(/^no Redis: .*ECONNREFUSED/),
      expect.stringMatching(/^Redis is back/),
    ]);
  });

  it('is down within the timeout when Redis hangs, tells of it once, and is up when it goes on', async () => {
    const redis = await ofTest(startRedis());
    const { lines, run, isUp, isDown } = startLink(redis.url, { timeoutMs: 500 });
    const patient = startLink(redis.url);
    await until(() => isUp() && patient.isUp());
    redis.signal('SIGSTOP');
    const late = patient.run();
    await expect(run()).rejects.toThrow(RedisDownError);
    expect(isDown()).toBe(true);
    // It is the timeout that ends the wait: another link with a longer one has noticed nothing.
    expect(patient.isUp()).toBe(true);
    await until(() => lines.length > 0);
    await sleep(2_000);
    expect(isDown()).toBe(true);
    redis.signal('SIGCONT');
    await until(isUp);
    await Promise.all([run(), late]);
    expect(lines.filter((line) => line.startsWith('no Redis'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('Redis is back'))).toHaveLength(1);
  });

  it('does not take its own standing still for that of Redis', async () => {
    const redis = await ofTest(startRedis());
    const { run, isUp } = startLink(redis.url, { timeoutMs: 100 });
    await until(isUp);
    const asked = performance.now();
    const answer = run();
    // The script is on its way when nothing runs here any more.
    await new Promise((later) => setImmediate(later));
    const { status } = spawnSync(process.execPath, ['-e', waitFor(redis.port)]);
    expect(status).toBe(0);
    while (performance.now() < asked + 400);
    expect(await answer).toBe(1);
    expect(isUp()).toBe(true);
  });

  it('loses no answer of a Redis that was killed and comes back with its files', async () => {
    const redis = await ofTest(startRedis());
    const { run, recalls, isUp, isDown } = startLink(redis.url);
    await until(isUp);
    expect(await run()).toBe(1);
    await redis.stop();
    await until(isDown);
    await redis.start();
    await until(isUp);
    expect(await run()).toBe(2);
    expect(recalls).toEqual([1, 2]);
  });

  it('leaves a Redis that has taken the place of another alone, until all gateways have told it what they know', async () => {
    const redis = await ofTest(startRedis());
    const waits: number[] = [];
    const wait: RedisLinkOptions['wait'] = (ms, signal) => {
      waits.push(ms);
      return systemWait(ms, signal);
    };
    const { recalls, isUp, isDown } = startLink(redis.url, { wait, settleMs: 777 });
    await until(isUp);
    // Redis itself was young at the first connection: it may have lost something then too.
    expect(waits.filter((ms) => ms === 777)).toHaveLength(1);
    await redis.stop();
    await until(isDown);
    redis.forget();
    await redis.start();
    await until(() => recalls.length === 2);
    expect(isDown()).toBe(true);
    await until(isUp);
    expect(waits.filter((ms) => ms === 777)).toHaveLength(2);
    expect(recalls).toEqual([1, 1]);

    // The same server again: a connection that broke, and nothing lost.
    await redis.command('CLIENT', 'KILL', 'TYPE', 'normal');
    await until(() => recalls.length === 3);
    await until(isUp);
    expect(waits.filter((ms) => ms === 777)).toHaveLength(2);
  });

  it('refuses a Redis that is another part of the list, and one that only reads', async () => {
    const redis = await ofTest(startRedis());
    const first = startLink(redis.url);
    await until(first.isUp);
    const other = startLink(redis.url, { layout: { key: 'x:part', value: '2 of 2' } });
    await until(() => other.lines.length > 0);
    expect(other.isUp()).toBe(false);
    expect(other.lines[0]).toContain('it is part 1 of 1 of a ledger, and configured here as part 2 of 2');

    await redis.command('REPLICAOF', '127.0.0.1', '1');
    await redis.command('CLIENT', 'KILL', 'TYPE', 'normal');
    await until(() => first.lines.some((line) => line.includes('READONLY')));
    expect(first.isUp()).toBe(false);
    await redis.command('REPLICAOF', 'NO', 'ONE');
    await until(first.isUp);
  });

  it('warns once of a Redis that may forget, and tells no password', async () => {
    const options = ['--appendonly', 'no', '--maxmemory', '10mb', '--maxmemory-policy', 'allkeys-lru'];
    const redis = await ofTest(
      startRedis({ options: [...options, '--requirepass', 'hunter2'], password: 'hunter2' }),
    );
    const wrong = startLink(redis.url.replace('127', ':hunter3@127'));
    await until(() => wrong.lines.length > 0);
    expect(wrong.lines[0]).toContain('WRONGPASS');
    const { lines, isUp } = startLink(redis.url.replace('127', ':hunter2@127'));
    await until(isUp);
    expect(lines.filter((line) => line.startsWith('maxmemory-policy:'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('appendonly:'))).toHaveLength(1);
    expect([...lines, ...wrong.lines].join()).not.toMatch(/hunter/);
  });
});
