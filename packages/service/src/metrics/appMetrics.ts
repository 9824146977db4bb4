import { statfs } from 'node:fs/promises';
import { METRIC_NAME } from '@artel/telemetry-protocol';
import { collectDefaultMetrics, Registry } from '@prometheus-io/client';
import { boundedMethod, boundedQueryType, statusOf } from './boundedValues';
import {
  type BoundCounter,
  type BoundGauge,
  type BoundHistogram,
  boundCounter,
  boundGauge,
  boundHistogram,
} from './boundMetrics';
import { type Exposition, expositionOf } from './exposition';
import { memoryLimit } from './memoryLimit';
import { trackCall } from './trackCall';

/** What {@link createAppMetrics} is told. */
export interface AppMetricsOptions {
  /** The `service` label of every series. */
  readonly service: string;
  /** Where the instruments are registered; one of their own if left out. */
  readonly registry?: Registry;
  /** Stands before every name, as in `artel_`; nothing if left out, so that names are the catalogue's. */
  readonly prefix?: string;
  /** Disks to watch, by the name that their `disk` label shows: a path on each. */
  readonly disks?: Readonly<Record<string, string>>;
  /** Whether Node's own metrics (`process_*`, `nodejs_*`: CPU, event loop lag, heap, garbage collection) come too; `true` if left out. */
  readonly processMetrics?: boolean;
}

/** A function as it was, with its calls measured. */
export type Tracked<This, Args extends unknown[], Result> = (this: This, ...args: Args) => Result;

/** The instruments of the seed's `AppMetrics`, and those that its alert rules ask for; see `serviceCatalogue`. */
export interface AppMetrics {
  readonly service: string;
  readonly registry: Registry;
  readonly httpRequestsTotal: BoundCounter<'http_requests_total'>;
  readonly httpRequestDuration: BoundHistogram<'http_request_duration_seconds'>;
  readonly activeGameSessions: BoundGauge<'active_game_sessions_total'>;
  readonly gameEventsTotal: BoundCounter<'game_events_total'>;
  readonly gameSessionDuration: BoundHistogram<'game_session_duration_minutes'>;
  readonly gameRevenue: BoundCounter<'game_revenue_rubles'>;
  readonly userActionsTotal: BoundCounter<'user_actions_total'>;
  readonly dbConnectionsActive: BoundGauge<'db_connections_active'>;
  readonly dbConnectionsMax: BoundGauge<'db_connections_max'>;
  readonly dbQueryDuration: BoundHistogram<'db_query_duration_seconds'>;
  readonly cacheHitsTotal: BoundCounter<'cache_hits_total'>;
  readonly cacheMissesTotal: BoundCounter<'cache_misses_total'>;
  readonly memoryUsageBytes: BoundGauge<'memory_usage_bytes'>;
  readonly memoryLimitBytes: BoundGauge<'memory_limit_bytes'>;
  readonly diskFreeBytes: BoundGauge<'disk_free_bytes'>;
  readonly diskTotalBytes: BoundGauge<'disk_total_bytes'>;
  readonly networkErrorsTotal: BoundCounter<'network_errors_total'>;
  readonly websocketConnectionsActive: BoundGauge<'websocket_connections_active'>;
  readonly websocketMessagesTotal: BoundCounter<'websocket_messages_total'>;
  readonly amqpMessagesTotal: BoundCounter<'amqp_messages_total'>;
  readonly authFailuresTotal: BoundCounter<'auth_failures_total'>;
  readonly securityEventsTotal: BoundCounter<'security_events_total'>;
  readonly healthCheckStatus: BoundGauge<'health_check_status'>;

  /**
   * Wraps a handler: each call counts as an HTTP request that was answered with 200, or with the `statusCode` of the
   * error that it failed with (500 where it has none). `endpoint` is a route template, such as `/sessions/:id`. Not
   * for a route that `httpMetrics` sees already.
   */
  trackHttpRequest<This, Args extends unknown[], Result>(
    method: string,
    endpoint: string,
    run: (this: This, ...args: Args) => Result,
  ): Tracked<This, Args, Result>;
  /** Wraps a function that runs one query: its duration is observed, of failures too. */
  trackDbQuery<This, Args extends unknown[], Result>(
    queryType: string,
    table: string,
    run: (this: This, ...args: Args) => Result,
  ): Tracked<This, Args, Result>;
  /** Counts a game event. A game that is left out is `unknown`. */
  trackBusinessEvent(eventType: string, gameType?: string): void;
  /** Counts an action of a user. */
  trackUserAction(actionType: string): void;
  /** Says how many sessions of a game are being played. */
  updateActiveSessions(gameType: string, count: number): void;
  /** All metrics as a scraper's `Accept` header asks for them. */
  expose(accept?: string): Promise<Exposition>;
}

function checkOptions({ service, prefix = '' }: AppMetricsOptions): void {
  if (typeof service !== 'string' || service.trim() === '') {
    throw new TypeError(`service: expected a name, got ${JSON.stringify(service)}`);
  }
  if (prefix !== '' && !METRIC_NAME.test(prefix)) {
    throw new TypeError(`prefix: expected letters, digits, _ and :, got ${JSON.stringify(prefix)}`);
  }
}

/**
 * Makes the instruments of one process out of the catalogue. Throws a `TypeError` that names an option which is wrong,
 * and the client's own error where `registry` contains a metric of the same name.
 */
export function createAppMetrics(options: AppMetricsOptions): AppMetrics {
  checkOptions(options);
  const { service, registry = new Registry(), prefix = '', disks = {}, processMetrics = true } = options;
  const source = { service, registry, prefix };
  const metrics: AppMetrics = {
    service,
    registry,
    httpRequestsTotal: boundCounter('http_requests_total', source),
    httpRequestDuration: boundHistogram('http_request_duration_seconds', source),
    activeGameSessions: boundGauge('active_game_sessions_total', source),
    gameEventsTotal: boundCounter('game_events_total', source),
    gameSessionDuration: boundHistogram('game_session_duration_minutes', source),
    gameRevenue: boundCounter('game_revenue_rubles', source),
    userActionsTotal: boundCounter('user_actions_total', source),
    dbConnectionsActive: boundGauge('db_connections_active', source),
    dbConnectionsMax: boundGauge('db_connections_max', source),
    dbQueryDuration: boundHistogram('db_query_duration_seconds', source),
    cacheHitsTotal: boundCounter('cache_hits_total', source),
    cacheMissesTotal: boundCounter('cache_misses_total', source),
    memoryUsageBytes: boundGauge('memory_usage_bytes', source),
    memoryLimitBytes: boundGauge('memory_limit_bytes', source),
    diskFreeBytes: boundGauge('disk_free_bytes', source),
    diskTotalBytes: boundGauge('disk_total_bytes', source),
    networkErrorsTotal: boundCounter('network_errors_total', source),
    websocketConnectionsActive: boundGauge('websocket_connections_active', source),
    websocketMessagesTotal: boundCounter('websocket_messages_total', source),
    amqpMessagesTotal: boundCounter('amqp_messages_total', source),
    authFailuresTotal: boundCounter('auth_failures_total', source),
    securityEventsTotal: boundCounter('security_events_total', source),
    healthCheckStatus: boundGauge('health_check_status', source),

    trackHttpRequest(method, endpoint, run) {
      const labels = { method: boundedMethod(method), endpoint };
      return trackCall(run, (seconds, failure) => {
        metrics.httpRequestsTotal.inc({ ...labels, status_code: failure ? statusOf(failure.error) : 200 });
        metrics.httpRequestDuration.observe(labels, seconds);
      });
    },
    trackDbQuery(queryType, table, run) {
      const labels = { query_type: boundedQueryType(queryType), table };
      return trackCall(run, (seconds) => metrics.dbQueryDuration.observe(labels, seconds));
    },
    trackBusinessEvent(eventType, gameType) {
      metrics.gameEventsTotal.inc({ event_type: eventType, game_type: gameType });
    },
    trackUserAction(actionType) {
      metrics.userActionsTotal.inc({ action_type: actionType });
    },
    updateActiveSessions(gameType, count) {
      metrics.activeGameSessions.set({ game_type: gameType }, count);
    },
    expose: (accept) => expositionOf(registry, accept),
  };

  metrics.memoryUsageBytes.watch({}, () => process.memoryUsage.rss());
  metrics.memoryLimitBytes.watch({}, memoryLimit);
  for (const [disk, path] of Object.entries(disks)) {
    metrics.diskFreeBytes.watch({ disk }, async () =>
      statfs(path).then(({ bavail, bsize }) => bavail * bsize),
    );
    metrics.diskTotalBytes.watch({ disk }, async () =>
      statfs(path).then(({ blocks, bsize }) => blocks * bsize),
    );
  }
  if (processMetrics) collectDefaultMetrics({ register: registry, prefix, labels: { service } });
  return metrics;
}
