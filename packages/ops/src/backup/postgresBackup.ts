import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BackupError, type BackupPart, runProgram } from './backupPart';
import { timeInName } from './replaceFolder';

const DUMP = 'database.dump';

/** As an identifier of SQL, whatever is in it. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * One database of PostgreSQL, by pg_dump. It is put back into a new database beside the old one, and the two change
 * names in one transaction. `programs` is the folder of `pg_dump`, `pg_restore` and `psql`.
 */
export function postgresBackup(place: { readonly url: string; readonly programs: string }): BackupPart {
  const { hostname, port, username, password, pathname } = new URL(place.url);
  const database = decodeURIComponent(pathname.slice(1));
  const env = {
    PGHOST: hostname,
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGCONNECT_TIMEOUT: '10',
  };
  const run = (program: string, ...args: string[]) => runProgram(join(place.programs, program), args, env);
  const ask = (...statements: string[]) =>
    run(
      'psql',
      ...[
        '--no-psqlrc',
        '--quiet',
        '--tuples-only',
        '--no-align',
        '--set',
        'ON_ERROR_STOP=1',
        '--dbname',
        'postgres',
      ],
      ...statements.flatMap((statement) => ['--command', statement]),
    );
  const literal = `'${database.replaceAll("'", "''")}'`;
  const rename = (pairs: readonly (readonly [from: string, to: string])[]) =>
    ask(
      'BEGIN',
      ...pairs.map(([from, to]) => `ALTER DATABASE ${quoted(from)} RENAME TO ${quoted(to)}`),
      'COMMIT',
    );

  return {
    name: 'postgres',
    async backUp(folder) {
      mkdirSync(folder);
      await run('pg_dump', '--format=custom', '--no-owner', `--file=${join(folder, DUMP)}`, database);
    },
    async prepare(folder) {
      const users = Number(await ask(`SELECT count(*) FROM pg_stat_activity WHERE datname = ${literal}`));
      if (users > 0) {
        throw new BackupError(
          `postgres: ${users} connections to ${database} are open; stop the game service and the exporter first`,
        );
      }
      const time = timeInName();
      const [draft, before] = [`${database}_restoring_${time}`, `${database}_before_${time}`];
      const drop = () => ask(`DROP DATABASE IF EXISTS ${quoted(draft)}`);
      await ask(`CREATE DATABASE ${quoted(draft)}`);
      try {
        await run(
          'pg_restore',
          ...[
            '--no-owner',
            '--exit-on-error',
            '--single-transaction',
            `--dbname=${draft}`,
            join(folder, DUMP),
          ],
        );
      } catch (error) {
        await drop();
        throw error;
      }
      let keptAside = false;
      let committed = false;
      return {
        async commit() {
          const isThere = (await ask(`SELECT 1 FROM pg_database WHERE datname = ${literal}`)) === '1';
          await rename([...(isThere ? ([[database, before]] as const) : []), [draft, database]]);
          [keptAside, committed] = [isThere, true];
        },
        async rollBack() {
          if (!committed) return;
          await rename([[database, draft], ...(keptAside ? ([[before, database]] as const) : [])]);
          [keptAside, committed] = [false, false];
        },
        async discard() {
          await drop();
        },
        before: () => (keptAside ? `the database ${before}` : undefined),
      };
    },
  };
}
