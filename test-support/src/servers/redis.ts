import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { isMissing, pathOf } from '../programs/findProgram';
import { freePort } from '../programs/port';
import { type RunningServer, serverFolder, startServer } from './runningServer';

/** Where there is no Redis the tests are skipped; in CI they fail. */
export const withoutRedis = isMissing('redis');

/** A Redis that a test may ask beside the clients under test. */
export interface RunningRedis extends RunningServer {
  /** Runs one command on a connection of its own. */
  command(...parts: readonly string[]): Promise<unknown>;
  /** Removes what it has written, while it is stopped. */
  forget(): void;
}

/** Further options of redis-server, which come after ours, and the password if these set one. */
export interface RedisOptions {
  readonly options?: readonly string[];
  readonly password?: string;
}

/** Starts a real Redis on a free port, which writes each change to the disk before it answers. */
export async function startRedis({ options = [], password }: RedisOptions = {}): Promise<RunningRedis> {
  const folder = serverFolder('redis');
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const command = async (...parts: readonly string[]): Promise<unknown> => {
    const client = createClient({
      url,
      ...(password === undefined ? {} : { password }),
      socket: { reconnectStrategy: false },
    });
    client.on('error', () => {});
    await client.connect();
    return client.sendCommand([...parts]).finally(() => client.destroy());
  };
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  const server = await startServer(
    {
      name: 'redis-server',
      command: pathOf('redis'),
      args: [...place, ...durable, ...options],
      ready: () => command('PING'),
    },
    { port, url, folder },
  );
  return {
    ...server,
    command,
    forget: () => rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true }),
  };
}
