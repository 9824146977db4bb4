import type { HealthCheck } from '@artel/telemetry-service/health';

/** Asks a PostgreSQL, wherever it runs. Throws `Unavailable` where it does not answer. */
export interface Sql {
  /** Runs one statement with `$1`, `$2`, … and answers its rows, whose shape the caller vouches for. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs statements without values. */
  run(script: string): Promise<void>;
}

export interface Database extends Sql {
  /** Runs statements as one: all of them, or none where `work` rejects. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  readonly health: HealthCheck;
  close(): Promise<void>;
}
