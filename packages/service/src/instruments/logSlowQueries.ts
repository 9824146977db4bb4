import type { AppMetrics } from '../metrics';
import { type Invoke, shadowMethod } from './shadowMethod';

/** Which queries are told of, and where. */
export interface SlowQueriesOptions {
  /** pino's fits. */
  readonly logger: {
    /** Writes one line. */
    warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  };
  /** Ms from which on a query is told of, 100 unless given. */
  readonly slowMs?: number;
}

const SLOW_MS = 100;
const HUNDREDTHS = 100_000;

/**
 * Writes a line in the category `db_query` for each query that takes long, of whatever tells its duration to
 * `db_query_duration_seconds`: `instrumentPg`, `trackDbQuery`. The line has the query's type and table, and nothing of its text.
 */
export function logSlowQueries(
  metrics: Pick<AppMetrics, 'dbQueryDuration'>,
  { logger, slowMs = SLOW_MS }: SlowQueriesOptions,
): void {
  shadowMethod(metrics.dbQueryDuration, 'observe', (invoke: Invoke) => {
    return function observe(this: unknown, ...args: unknown[]): unknown {
      const [labels, seconds] = args;
      if (typeof seconds === 'number' && seconds * 1_000 >= slowMs) {
        const duration_ms = Math.round(seconds * HUNDREDTHS) / 100;
        logger.warn({ ...(labels ?? {}), duration_ms, category: 'db_query' }, 'Slow query');
      }
      return invoke(this, args);
    };
  });
}
