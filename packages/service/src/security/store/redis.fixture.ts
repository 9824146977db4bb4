import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createClient } from '@redis/client';
import { onTestFinished } from 'vitest';

/** `REDIS_SERVER_PATH`, or what stands on PATH. */
const program =
  process.env['REDIS_SERVER_PATH'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'redis-server'))
    .find((path) => existsSync(path));

/** Where there is no Redis the tests are skipped; in CI they fail. */
export const withoutRedis = program === undefined && !process.env['CI'];

export type Client = ReturnType<typeof makeClient>;

export interface RunningRedis {
  /** A client of its own, as an app makes one. */
  connect(): Promise<Client>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it as a power cut would, and what it knew with it. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

function makeClient(port: number) {
  return createClient({
    url: `redis://127.0.0.1:${port}`,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: 50 },
  });
}

async function freePort(): Promise<number> {
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

/** A real redis-server of the running test's own, on a free port, which keeps nothing. */
export async function startRedis(): Promise<RunningRedis> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'artel-security-redis-'));
  let child: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const connect = async (): Promise<Client> => {
    const client = makeClient(port);
    client.on('error', () => {});
    await client.connect();
    onTestFinished(() => client.destroy());
    return client;
  };
  const answers = async (): Promise<boolean> => {
    const client = createClient({ url: `redis://127.0.0.1:${port}`, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.ping()) === 'PONG';
    } catch {
      return false;
    } finally {
      if (client.isOpen) client.destroy();
    }
  };
  const start = async (): Promise<void> => {
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
    child = spawn(program ?? 'redis-server', place, { stdio: 'ignore' });
    await until(answers);
  };

  onTestFinished(async () => {
    await kill();
    rmSync(dir, { recursive: true, force: true });
  });
  await start();
  return { connect, kill, start, signal: (signal) => void child?.kill(signal) };
}
