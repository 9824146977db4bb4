import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Launch } from '@artel/test-support/programs/launch';
import { unprivileged } from '@artel/test-support/programs/unprivileged';

/** Of the one database of the stack, and its one user. */
export const POSTGRES_NAME = 'artel';

export interface PostgresPlace {
  /** The folder of `initdb` and `postgres`. */
  readonly programs: string;
  readonly port: number;
  /** Where its data goes. */
  readonly folder: string;
  readonly password: string;
}

/** The address of the stack's database, or of another one of the same server; holds the password. */
export function postgresUrl(
  { port, password }: Pick<PostgresPlace, 'port' | 'password'>,
  database = POSTGRES_NAME,
): string {
  return `postgres://${POSTGRES_NAME}:${password}@127.0.0.1:${port}/${database}`;
}

/** Why PostgreSQL cannot run over a folder, if it cannot: it refuses root, and who is not root has to get there. */
export function postgresObstacle(folder: string): string | undefined {
  if (!unprivileged('postgres')) return undefined;
  for (let parent = dirname(folder); parent !== dirname(parent); parent = dirname(parent)) {
    if (existsSync(parent) && (statSync(parent).mode & 0o001) === 0)
      return `it refuses root, and its own user may not enter ${parent} (chmod o+x)`;
  }
  return undefined;
}

/** One statement to the server that is not running: there is no client to install. */
function runAlone({ programs, folder }: PostgresPlace, owner: ReturnType<typeof unprivileged>, sql: string) {
  return spawnSync(join(programs, 'postgres'), ['--single', '-D', folder, 'postgres'], {
    ...owner,
    cwd: folder,
    input: `${sql}\n`,
    encoding: 'utf8',
  });
}

function makeCluster(place: PostgresPlace): void {
  const { programs, folder, password } = place;
  const owner = unprivileged('postgres');
  const passwordFile = `${folder}.password`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
  try {
    const made = spawnSync(
      join(programs, 'initdb'),
      [
        ...['-D', folder, '-U', POSTGRES_NAME, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
        ...['-E', 'UTF8', '--locale=C.UTF-8'],
      ],
      { ...owner, cwd: folder, encoding: 'utf8' },
    );
    const steps = made.status === 0 ? [runAlone(place, owner, `CREATE DATABASE ${POSTGRES_NAME};`)] : [made];
    for (const { status, stderr, error } of steps) {
      if (status === 0) continue;
      // A cluster without its database would be taken for a whole one the next time.
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`PostgreSQL could not be set up in ${folder}: ${error?.message ?? stderr.trim()}`);
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** PostgreSQL over its own folder, which is made at the first start. */
export function postgresPart(place: PostgresPlace): Launch {
  const { programs, port, folder } = place;
  if (!existsSync(join(folder, 'PG_VERSION'))) makeCluster(place);
  const settings = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' };
  const owner = unprivileged('postgres');
  return {
    name: 'postgres',
    command: join(programs, 'postgres'),
    args: ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: folder,
    ...(owner ? { user: owner } : {}),
    // The fast shutdown: it waits for no client.
    stopSignal: 'SIGINT',
    grace: 20_000,
    group: true,
    ready: /database system is ready to accept connections/,
  };
}
