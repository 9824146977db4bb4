import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createClient } from '@redis/client';
import { onTestFinished } from 'vitest';

/** `REDIS_SERVER_PATH`, or what stands on PATH. */
export const redisServer =
  process.env['REDIS_SERVER_PATH'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'redis-server'))
    .find((path) => existsSync(path));

/** Where there is no Redis the tests are skipped; in CI they fail. */
export const withoutRedis = redisServer === undefined && !process.env['CI'];

export interface RunningRedis {
  readonly url: string;
  readonly port: number;
  /** Sends a signal; SIGSTOP makes it hang. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again over the same files, or over none. */
  start(keepFiles?: boolean): Promise<void>;
  /** Runs one command beside the gateways. */
  command(...parts: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

/** Resolves once `holds` does. The test's own time bounds it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((later) => setTimeout(later, 20));
}

/**
 * Starts a real redis-server on a free port, which writes each change to the disk before it answers. `options` come behind
 * ours; a `password` among them is needed for our commands too.
 */
export async function launchRedis(options: readonly string[] = [], password?: string): Promise<RunningRedis> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'artel-redis-'));
  let child: ChildProcess | undefined;

  const command = async (...parts: readonly string[]): Promise<unknown> => {
    const client = createClient({
      url: `redis://127.0.0.1:${port}`,
      ...(password === undefined ? {} : { password }),
      socket: { reconnectStrategy: false },
    });
    client.on('error', () => {});
    await client.connect();
    return client.sendCommand([...parts]).finally(() => client.destroy());
  };
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const start = async (keepFiles = true): Promise<void> => {
    if (!keepFiles) rmSync(join(dir, 'appendonlydir'), { recursive: true, force: true });
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir];
    child = spawn(redisServer ?? 'redis-server', [...place, ...durable, ...options], { stdio: 'ignore' });
    const failed = once(child, 'error').then(([error]) => {
      throw error;
    });
    failed.catch(() => {});
    for (;;) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
      const pong = await Promise.race([command('PING').catch(() => undefined), failed]);
      if (pong === 'PONG') return;
      await new Promise((later) => setTimeout(later, 50));
    }
  };

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    signal: (signal) => void child?.kill(signal),
    kill,
    start,
    command,
    async close() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A Redis of the running test's own. */
export async function startRedis(options?: readonly string[], password?: string): Promise<RunningRedis> {
  const redis = await launchRedis(options, password);
  onTestFinished(() => redis.close());
  return redis;
}
