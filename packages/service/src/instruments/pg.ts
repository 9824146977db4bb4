import { AsyncResource } from 'node:async_hooks';
import { EventEmitter, errorMonitor } from 'node:events';
import { SpanKind } from '@opentelemetry/api';
import type { Pool } from 'pg';
import type { AppMetrics } from '../metrics';
import { endSpan, runWatched, startSpan } from './clientSpan';
import { countNetworkError } from './networkError';
import { type Invoke, shadowMethod } from './shadowMethod';
import { createSqlSummary, type SqlSummary } from './sqlSummary';

export interface PgOptions {
  /** Where queries, connections and network errors are counted; spans alone if left out. */
  readonly metrics?: Pick<
    AppMetrics,
    'dbQueryDuration' | 'dbConnectionsActive' | 'dbConnectionsMax' | 'networkErrorsTotal'
  >;
  /** The `database` label of the pool's connections, and `db.namespace` of its spans. */
  readonly database: string;
}

type Ended = (failure?: { readonly error: unknown }) => void;
type Callback = (...results: unknown[]) => unknown;

const TARGET = 'postgresql';
const instrumented = new WeakSet<object>();

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function';
}

/** What pg takes in place of text, and answers as it is: a `Query`, a cursor, a stream. */
function isSubmittable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'submit' in value && typeof value.submit === 'function'
  );
}

function sqlOf(query: unknown): string {
  if (typeof query === 'string') return query;
  if (typeof query !== 'object' || query === null) return '';
  if ('text' in query && typeof query.text === 'string') return query.text;
  // A cursor holds the query that it runs.
  return 'cursor' in query ? sqlOf(query.cursor) : '';
}

const failureOf = (error: unknown) => (error ? { error } : undefined);

/** The callback as its caller gave it, in the caller's own context: pg calls it out of the connection's. */
function watchCallback(callback: Callback, ended: Ended): Callback {
  const bound = AsyncResource.bind(callback);
  return function watched(this: unknown, ...results) {
    ended(failureOf(results[0]));
    return Reflect.apply(bound, this, results);
  };
}

/** Arguments of `query` with their callback watched, wherever it stands; nothing where there is none. */
function withWatchedCallback(args: readonly unknown[], ended: Ended): readonly unknown[] | undefined {
  const at = args.findIndex((arg, index) => index > 0 && isCallback(arg));
  const given = args[at];
  if (at > 0 && isCallback(given)) {
    return args.map((arg, index) => (index === at ? watchCallback(given, ended) : arg));
  }
  const [query, ...others] = args;
  if (typeof query !== 'object' || query === null || isSubmittable(query)) return undefined;
  if (!('callback' in query) || !isCallback(query.callback)) return undefined;
  return [{ ...query, callback: watchCallback(query.callback, ended) }, ...others];
}

/** Follows an emitter to its end, and takes no error from whoever else listens, or does not. */
function watchEmitter(emitter: EventEmitter, ended: Ended): void {
  emitter.once('end', () => ended());
  emitter.once(errorMonitor, (error: unknown) => ended({ error }));
}

interface QueryWatch {
  readonly options: PgOptions;
  readonly summaryOf: (sql: string) => SqlSummary;
}

function startQuery({ options, summaryOf }: QueryWatch, query: unknown): Ended {
  const { queryType, table, text } = summaryOf(sqlOf(query));
  const span = startSpan(table === 'none' ? queryType : `${queryType} ${table}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      'db.system': TARGET,
      'db.namespace': options.database,
      'db.operation.name': queryType,
      'db.query.text': text,
      ...(table !== 'none' && { 'db.collection.name': table }),
    },
  });
  const started = performance.now();
  let isOver = false;
  return (failure) => {
    if (isOver) return;
    isOver = true;
    const seconds = (performance.now() - started) / 1_000;
    options.metrics?.dbQueryDuration.observe({ query_type: queryType, table }, seconds, span.spanContext());
    if (failure) countNetworkError(options.metrics, TARGET, failure.error);
    endSpan(span, failure);
  };
}

function watchedQuery(watch: QueryWatch, invoke: Invoke) {
  return function query(this: unknown, ...args: unknown[]): unknown {
    const ended = startQuery(watch, args[0]);
    const withCallback = withWatchedCallback(args, ended);
    let isFollowed = withCallback !== undefined;
    const run = () => {
      const result = invoke(this, withCallback ?? args);
      if (!isFollowed && result instanceof EventEmitter) {
        isFollowed = true;
        watchEmitter(result, ended);
      }
      return result;
    };
    return runWatched(run, (failure) => {
      if (failure || !isFollowed) ended(failure);
    });
  };
}

function watchedConnect(options: PgOptions, invoke: Invoke) {
  const failed = (startTime: number, error: unknown): void => {
    countNetworkError(options.metrics, TARGET, error);
    const attributes = { 'db.system': TARGET, 'db.namespace': options.database };
    endSpan(startSpan('connect', { kind: SpanKind.CLIENT, startTime, attributes }), { error });
  };
  return function connect(this: unknown, ...args: unknown[]): unknown {
    const started = Date.now();
    const ended: Ended = (failure) => failure && failed(started, failure.error);
    const [callback, ...others] = args;
    if (isCallback(callback)) return invoke(this, [watchCallback(callback, ended), ...others]);
    return runWatched(() => invoke(this, args), ended);
  };
}

/**
 * Watches a pool of `pg` and answers the same pool: duration of each query by type and table, connections in use and the
 * most there may be, failures of the network, and a client span for each query, without its values. Queries of clients
 * that the pool gives out are seen too, transactions among them. Callbacks run in their caller's context.
 */
export function instrumentPg<Instrumented extends Pool>(
  pool: Instrumented,
  options: PgOptions,
): Instrumented {
  if (instrumented.has(pool)) return pool;
  instrumented.add(pool);
  const { metrics, database } = options;
  const watch: QueryWatch = { options, summaryOf: createSqlSummary() };

  // What `pool.query` does goes through these two as well.
  shadowMethod(pool, 'connect', (invoke) => watchedConnect(options, invoke));
  pool.on('acquire', (client) => {
    if (instrumented.has(client)) return;
    instrumented.add(client);
    shadowMethod(client, 'query', (invoke) => watchedQuery(watch, invoke));
  });
  // An idle connection that breaks.
  const events: EventEmitter = pool;
  events.on(errorMonitor, (error: unknown) => countNetworkError(metrics, TARGET, error));

  const whileOpen = (read: () => number) => () => (pool.ended ? undefined : read());
  metrics?.dbConnectionsActive.watch(
    { database },
    whileOpen(() => pool.totalCount - pool.idleCount),
  );
  metrics?.dbConnectionsMax.watch(
    { database },
    whileOpen(() => pool.options.max),
  );
  return pool;
}
