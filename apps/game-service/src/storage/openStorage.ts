import { join } from 'node:path';
import type { AppMetrics } from '@artel/telemetry-service/metrics';
import { migrated } from '../database/migrated';
import type { Config } from '../readConfig';
import { readMigrations } from '../readMigrations';
import { createMemoryStorage } from './memoryStorage';
import { createSqlStorage } from './sqlStorage';
import type { Storage } from './storage';

/** Games that the light storage keeps: a few megabytes at the most. */
const MAX_SESSIONS = 1_000;

/** Where games are kept, and the same in words. */
export interface OpenStorage {
  readonly storage: Storage;
  readonly place: string;
  /** Whether nobody but this process changes the games. */
  readonly isOwn: boolean;
}

/** Opens what the settings name: a PostgreSQL server, an embedded one, or this process's memory. */
export async function openStorage(
  { databaseUrl, dataDir, storage }: Pick<Config, 'databaseUrl' | 'dataDir' | 'storage'>,
  metrics: AppMetrics,
): Promise<OpenStorage> {
  if (storage === 'memory') {
    const memory = createMemoryStorage({ maxSessions: MAX_SESSIONS, firstId: Date.now() });
    return { storage: memory, place: 'games are kept in memory until it ends', isOwn: true };
  }
  const migrations = readMigrations();
  if (databaseUrl !== undefined) {
    const { createPostgresDatabase } = await import('../database/postgresDatabase');
    const database = createPostgresDatabase({ url: databaseUrl, metrics });
    const kept = createSqlStorage(migrated(database, migrations));
    return { storage: kept, place: 'games are kept in PostgreSQL', isOwn: false };
  }
  const folder = dataDir === undefined ? undefined : join(dataDir, 'game-service');
  const { createEmbeddedDatabase } = await import('../database/embeddedDatabase');
  const database = migrated(await createEmbeddedDatabase({ folder, metrics }), migrations);
  // The first statement migrates it, before anybody plays. Nobody else has this database: what was claimed, was by a process
  // that is gone.
  await database.run("UPDATE outbox SET claimed_until = '-infinity'");
  const where = folder === undefined ? 'in memory until it ends' : `in ${folder}`;
  return {
    storage: createSqlStorage(database),
    place: `games are kept by an embedded PostgreSQL ${where}`,
    isOwn: true,
  };
}
