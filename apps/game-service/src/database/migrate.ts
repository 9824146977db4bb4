import type { Migration } from '../readMigrations';
import type { Database } from './database';

/** Any number, as long as nothing else in the database locks under it. */
const LOCK = 4_330_001;

/**
 * Runs the migrations that a database has not had yet, in order, all of them in one transaction, while no other process
 * does. Answers how many ran.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<number> {
  return database.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await sql.run(
      'CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL, ran_at timestamptz NOT NULL DEFAULT now())',
    );
    const rows = await sql.query<{ number: number }>('SELECT number FROM schema_migrations');
    const had = new Set(rows.map(({ number }) => number));
    const due = migrations.filter(({ number }) => !had.has(number));
    for (const { number, name, script } of due) {
      await sql.run(script);
      await sql.query('INSERT INTO schema_migrations (number, name) VALUES ($1, $2)', [number, name]);
    }
    return due.length;
  });
}
