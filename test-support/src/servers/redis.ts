import { createClient } from '@redis/client';
import { onTestFinished } from 'vitest';
import { freePort, onPath, type RunningServer, runServer, serverFolder } from './serverProcess';

const program = process.env['REDIS_SERVER_PATH'] ?? onPath('redis-server');

/** Where there is no Redis the tests are skipped; in CI they fail. */
export const withoutRedis = program === undefined && !process.env['CI'];

/** Starts a real Redis on a free port, which keeps each change before it answers; `options` come behind ours. */
export async function launchRedis(options: readonly string[] = []): Promise<RunningServer> {
  if (program === undefined) throw new Error('REDIS_SERVER_PATH: expected the path of redis-server');
  const folder = serverFolder('redis');
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const answers = async (): Promise<void> => {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    await client.connect();
    await client.ping().finally(() => client.destroy());
  };
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  return runServer(
    {
      name: 'redis-server',
      program,
      args: [...place, ...durable, ...options],
      options: {},
      stopSignal: 'SIGKILL',
      answers,
    },
    { port, url, folder },
  );
}

/** A Redis of the running test's own. */
export async function startRedis(options?: readonly string[]): Promise<RunningServer> {
  const server = await launchRedis(options);
  onTestFinished(() => server.close());
  return server;
}
