import type { Migration } from '../readMigrations';
import type { Database } from './database';
import { migrate } from './migrate';

/**
 * The database, migrated before its first statement. Where it cannot be, as while the server is away at the start, that
 * statement is refused, and the next tries again.
 */
export function migrated(database: Database, migrations: readonly Migration[]): Database {
  let migrating: Promise<unknown> | undefined;
  const ready = async (): Promise<void> => {
    migrating ??= migrate(database, migrations).catch((error: unknown) => {
      migrating = undefined;
      throw error;
    });
    await migrating;
  };
  return {
    ...database,
    async query(text, values) {
      await ready();
      return database.query(text, values);
    },
    async run(script) {
      await ready();
      return database.run(script);
    },
    async transaction(work) {
      await ready();
      return database.transaction(work);
    },
  };
}
