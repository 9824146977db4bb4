import { mkdirSync } from 'node:fs';
import type { AppMetrics } from '@artel/telemetry-service/metrics';
import { withSpan } from '@artel/telemetry-service/tracing';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import { SpanKind } from '@opentelemetry/api';
import type { Database, Sql } from './database';
import { lockFolder } from './lockFolder';

export interface EmbeddedOptions {
  /** Where the data is kept; in memory, and for as long as the process lives, if left out. */
  readonly folder?: string | undefined;
  readonly metrics: AppMetrics;
}

const STATEMENT = /^\s*(\w+)(?:[\s\S]*?\b(?:FROM|INTO|UPDATE)\s+(\w+))?/i;

function askWith(engine: PGlite | Transaction, metrics: AppMetrics): Sql {
  return {
    query<Row extends object>(text: string, values: readonly unknown[] = []) {
      const [, verb = 'other', table = 'none'] = STATEMENT.exec(text) ?? [];
      const ask = async () => (await engine.query<Row>(text, [...values])).rows;
      const type = verb.toUpperCase();
      const attributes = { 'db.system': 'postgresql', 'db.namespace': 'games', 'db.operation.name': type };
      return withSpan(`${type} ${table}`, { kind: SpanKind.CLIENT, attributes }, () =>
        metrics.trackDbQuery(type, table, ask)(),
      );
    },
    async run(script) {
      await engine.exec(script);
    },
  };
}

/**
 * A PostgreSQL in this very process (PGlite), for where there is no server. One process at a time has a folder; another that
 * comes is refused.
 */
export async function createEmbeddedDatabase({ folder, metrics }: EmbeddedOptions): Promise<Database> {
  let unlock = () => {};
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    unlock = lockFolder(folder);
  }
  // Megabytes of it: only who runs it loads it.
  const { PGlite } = await import('@electric-sql/pglite');
  const engine = await PGlite.create(folder === undefined ? {} : { dataDir: `${folder}/data` });
  return {
    ...askWith(engine, metrics),
    transaction: (work) => engine.transaction((transaction) => work(askWith(transaction, metrics))),
    health: {
      name: 'database',
      async run() {
        await engine.query('SELECT 1');
        return { status: 'healthy' };
      },
    },
    async close() {
      await engine.close();
      unlock();
    },
  };
}
