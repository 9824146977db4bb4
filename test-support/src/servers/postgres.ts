import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { isMissing, pathOf } from '../programs/findProgram';
import { freePort } from '../programs/port';
import { unprivileged } from '../programs/unprivileged';
import { type RunningServer, serverFolder, startServer } from './runningServer';

/** Where there is no PostgreSQL the tests are skipped; in CI they fail. */
export const withoutPostgres = isMissing('postgres');

/**
 * Starts a real PostgreSQL on a free port with a database `artel`, whose user `postgres` needs no password. It keeps its
 * data over `stop` and `start`. `settings` are those of postgresql.conf.
 */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const programs = pathOf('postgres');
  const owner = unprivileged('postgres');
  const folder = serverFolder('postgres', owner);
  const port = await freePort();
  const data = join(folder, 'data');
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...owner, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);

  const ask = async (database: string, sql: string): Promise<void> => {
    const client = new Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      database,
      connectionTimeoutMillis: 60_000,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query(sql);
    } finally {
      await client.end().catch(() => {});
    }
  };
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    // The machine's memory outlives the process: nothing is lost without waiting for the disk.
    fsync: 'off',
    max_connections: '50',
    shared_buffers: '16MB',
    ...settings,
  };
  const server = await startServer(
    {
      name: 'postgres',
      command: join(programs, 'postgres'),
      args: ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      cwd: folder,
      ...(owner ? { user: owner } : {}),
      // An immediate shutdown: connections break, and the next start recovers as after a crash.
      stopSignal: 'SIGQUIT',
      ready: () => ask('postgres', 'SELECT 1'),
    },
    { port, url: `postgres://postgres@127.0.0.1:${port}/artel`, folder },
  );
  await ask('postgres', 'CREATE DATABASE artel');
  return server;
}
