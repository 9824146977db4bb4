import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pg } from './pg';

const DEBIAN = '/usr/lib/postgresql';

export interface Database {
  readonly url: string;
  close(): Promise<void>;
}

/** PostgreSQL refuses root. */
function owner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function fill(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.query(`CREATE TABLE games AS
        SELECT id, 'kolkhoz' AS game_type, id * 7 AS score FROM generate_series(1, 1000) AS id`);
      await client.query('ALTER TABLE games ADD PRIMARY KEY (id)');
      return;
    } catch (error) {
      if (attempt >= 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** Starts a PostgreSQL of its own (`POSTGRES_PATH`, or Debian's newest) with a table of 1,000 games. */
export async function startDatabase(port: number): Promise<Database> {
  const versions = process.env['POSTGRES_PATH']
    ? []
    : readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  const programs = process.env['POSTGRES_PATH'] ?? join(DEBIAN, versions[0] ?? '', 'bin');
  const user = owner();
  const folder = mkdtempSync(join(tmpdir(), 'artel-bench-pg-'));
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder };
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'],
    {
      ...options,
      encoding: 'utf8',
    },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'off',
  };
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...options, stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const close = async (): Promise<void> => {
    server.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  await fill(url).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, close };
}
