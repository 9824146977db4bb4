import { startPostgres } from '@artel/test-support/servers/postgres';
import type { RunningServer } from '@artel/test-support/servers/runningServer';
import { pg } from './pg';

/** Starts a PostgreSQL of its own with a table of 1,000 games. */
export async function startDatabase(): Promise<RunningServer> {
  const server = await startPostgres();
  const client = new pg.Client({ connectionString: server.url });
  try {
    await client.connect();
    await client.query(`CREATE TABLE games AS
      SELECT id, 'kolkhoz' AS game_type, id * 7 AS score FROM generate_series(1, 1000) AS id`);
    await client.query('ALTER TABLE games ADD PRIMARY KEY (id)');
  } catch (error) {
    await server.close();
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
  return server;
}
