import { randomUUID } from 'node:crypto';
import { createAppMetrics } from '@artel/telemetry-service/metrics';
import { startPostgres, withoutPostgres } from '@artel/test-support/servers/postgres';
import { Client } from 'pg';
import { afterAll, onTestFinished } from 'vitest';
import { createEmbeddedDatabase } from '../database/embeddedDatabase';
import { migrated } from '../database/migrated';
import { createPostgresDatabase } from '../database/postgresDatabase';
import { readMigrations } from '../readMigrations';
import { createMemoryStorage } from './memoryStorage';
import { createSqlStorage } from './sqlStorage';
import type { Storage } from './storage';

const newMetrics = () => createAppMetrics({ service: 'game-service', processMetrics: false });

let server: ReturnType<typeof startPostgres> | undefined;
let embedded: ReturnType<typeof createEmbeddedDatabase> | undefined;

afterAll(async () => {
  await (await server)?.close();
  await (await embedded)?.close();
});

/** A database of its own on the one server of the file. */
async function newPostgres(): Promise<string> {
  server ??= startPostgres();
  const { url } = await server;
  const name = `games_${randomUUID().replaceAll('-', '')}`;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return url.replace(/artel$/, name);
}

async function openPostgres(): Promise<Storage> {
  const database = createPostgresDatabase({ url: await newPostgres(), metrics: newMetrics() });
  const storage = createSqlStorage(migrated(database, readMigrations()));
  onTestFinished(() => storage.close());
  return storage;
}

/** The embedded database takes seconds to start, so that all tests of a file have one, emptied. */
async function openEmbedded(): Promise<Storage> {
  embedded ??= createEmbeddedDatabase({ metrics: newMetrics() });
  const database = await embedded;
  await database.run('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  return createSqlStorage(migrated(database, readMigrations()));
}

/** Every kind of storage there is: they keep the same promises. */
export const storages: readonly (readonly [string, boolean, () => Promise<Storage>])[] = [
  ['memory', false, async () => createMemoryStorage({ maxSessions: 10, firstId: Date.now() })],
  ['the embedded PostgreSQL', false, openEmbedded],
  ['PostgreSQL', withoutPostgres, openPostgres],
];
