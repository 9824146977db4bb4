import { EventEmitter, errorMonitor } from 'node:events';
import { type Attributes, type Context, context, SpanKind } from '@opentelemetry/api';
import type { Pool } from 'pg';
import type { AppMetrics } from '../metrics';
import { type Callback, inCallerContext } from './callerContext';
import { endSpan, runWatched, startSpan } from './clientSpan';
import { countNetworkError } from './networkError';
import { type Invoke, shadowMethod } from './shadowMethod';
import { createSqlSummary, type SqlSummary } from './sqlSummary';

/** What {@link instrumentPg} is told. */
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

/**
 * The context of the `pool.query` that runs in this very call. What it hands to `connect` and to the client's `query` are
 * pg's own callbacks, which need to know of no context but their span's.
 */
let asking: Context | undefined;

function askWithin<T>(within: Context | undefined, run: () => T): T {
  const before = asking;
  asking = within;
  try {
    return run();
  } finally {
    asking = before;
  }
}

/** A callback of the app's, which runs in its own context: pg calls it out of a connection's, or of another's query. */
function forCaller(callback: Callback): Callback {
  const bound = inCallerContext(callback);
  return function called(this: unknown, ...results) {
    return askWithin(undefined, () => Reflect.apply(bound, this, results));
  };
}

/** What is called when a connection is there. Within a `pool.query` the query follows from it at once. */
function watchConnected(callback: Callback, ended: Ended): Callback {
  const within = asking;
  const called = within ? callback : forCaller(callback);
  return function connected(this: unknown, ...results) {
    ended(failureOf(results[0]));
    return askWithin(within, () => Reflect.apply(called, this, results));
  };
}

/** What is called when a query is over. */
function watchCallback(callback: Callback, ended: Ended): Callback {
  const called = asking ? callback : forCaller(callback);
  return function watched(this: unknown, ...results) {
    ended(failureOf(results[0]));
    return askWithin(undefined, () => Reflect.apply(called, this, results));
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
  const attributes: Attributes = {
    'db.system': TARGET,
    'db.namespace': options.database,
    'db.operation.name': queryType,
    'db.query.text': text,
  };
  if (table !== 'none') attributes['db.collection.name'] = table;
  const name = table === 'none' ? queryType : `${queryType} ${table}`;
  const span = startSpan(name, { kind: SpanKind.CLIENT, attributes }, asking);
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

/** Remembers who asks, and gives their callback their context, since pg's own are not given any. */
function watchedPoolQuery(invoke: Invoke) {
  return function query(this: unknown, ...args: unknown[]): unknown {
    const given = args.map((arg, index) => (index > 0 && isCallback(arg) ? forCaller(arg) : arg));
    return askWithin(context.active(), () => invoke(this, given));
  };
}

function watchedConnect(options: PgOptions, invoke: Invoke) {
  const failed = (startTime: number, within: Context | undefined, error: unknown): void => {
    countNetworkError(options.metrics, TARGET, error);
    const attributes = { 'db.system': TARGET, 'db.namespace': options.database };
    endSpan(startSpan('connect', { kind: SpanKind.CLIENT, startTime, attributes }, within), { error });
  };
  return function connect(this: unknown, ...args: unknown[]): unknown {
    const started = Date.now();
    const within = asking;
    const ended: Ended = (failure) => failure && failed(started, within, failure.error);
    const [callback, ...others] = args;
    if (isCallback(callback)) return invoke(this, [watchConnected(callback, ended), ...others]);
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

  // What `pool.query` does goes through the pool's `connect` and the client's `query` as well.
  shadowMethod(pool, 'connect', (invoke) => watchedConnect(options, invoke));
  shadowMethod(pool, 'query', watchedPoolQuery);
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
