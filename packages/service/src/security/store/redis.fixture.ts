import { createClient } from '@redis/client';
import { onTestFinished } from 'vitest';
import type { RunningServer } from '../../testing/serverProcess';
import { launchRedis } from '../../testing/startRedis';

type Client = ReturnType<typeof makeClient>;

export interface RunningRedis extends Pick<RunningServer, 'signal' | 'stop' | 'start'> {
  /** A client of its own, as an app makes one. */
  connect(): Promise<Client>;
}

function makeClient(url: string) {
  return createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } });
}

/** A real redis-server of the running test's own, which keeps nothing: it ends as by a power cut. */
export async function startRedis(): Promise<RunningRedis> {
  const server = await launchRedis(['--appendonly', 'no']);
  onTestFinished(() => server.close());
  const connect = async (): Promise<Client> => {
    const client = makeClient(server.url);
    client.on('error', () => {});
    await client.connect();
    onTestFinished(() => client.destroy());
    return client;
  };
  return { ...server, connect };
}
