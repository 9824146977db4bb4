import { checkPostgres } from '@artel/telemetry-service/health';
import { instrumentPg } from '@artel/telemetry-service/instruments';
import type { AppMetrics } from '@artel/telemetry-service/metrics';
import { DatabaseError, Pool, type PoolClient, type QueryResult, type QueryResultRow } from 'pg';
import { Unavailable } from '../problem';
import type { Database, Sql } from './database';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  readonly metrics: AppMetrics;
}

const MAX_CONNECTIONS = 10;
const CONNECT_MS = 2_000;
/** Longest that a statement may take, there and here. */
const QUERY_MS = 4_000;

/** Of connections (08), of a server short of something (53), of one that ends or begins (57P). */
const AWAY = /^(?:08|53|57P)/;

/** Whatever PostgreSQL itself has not said comes from the way to it. */
function isAway(error: unknown): boolean {
  return !(error instanceof DatabaseError) || AWAY.test(error.code ?? '');
}

function asUnavailable(error: unknown): unknown {
  return isAway(error) ? new Unavailable('The database does not answer; try again later', error) : error;
}

interface Asked {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<Row>>;
}

function askWith(client: Asked): Sql {
  const ask = async <Row extends QueryResultRow>(text: string, values?: readonly unknown[]) => {
    try {
      return await client.query<Row>(text, values && [...values]);
    } catch (error) {
      throw asUnavailable(error);
    }
  };
  return {
    query: async <Row extends object>(text: string, values?: readonly unknown[]) =>
      (await ask<Row & QueryResultRow>(text, values)).rows,
    run: async (script) => {
      await ask(script);
    },
  };
}

/** A pool of connections to a PostgreSQL, which may be away at any time, the start included. */
export function createPostgresDatabase({ url, metrics }: PostgresOptions): Database {
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    statement_timeout: QUERY_MS,
    idle_in_transaction_session_timeout: 2 * QUERY_MS,
    keepAlive: true,
    application_name: 'game-service',
  });
  // A connection that breaks while nobody asks; who asks next learns of it.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  instrumentPg(pool, { metrics, database: 'games' });

  const connect = async (): Promise<PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw asUnavailable(error);
    }
  };

  return {
    ...askWith(pool),
    async transaction(work) {
      const client = await connect();
      const sql = askWith(client);
      let broken = false;
      try {
        await sql.run('BEGIN');
        const result = await work(sql);
        await sql.run('COMMIT');
        return result;
      } catch (error) {
        // Of a connection that did not answer nobody knows in what state it is.
        broken = error instanceof Unavailable;
        if (!broken) {
          await sql.run('ROLLBACK').catch(() => {
            broken = true;
          });
        }
        throw error;
      } finally {
        client.release(broken);
      }
    },
    health: checkPostgres(pool, { timeoutMs: CONNECT_MS }),
    close: () => pool.end(),
  };
}
