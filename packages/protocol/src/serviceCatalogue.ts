/** One metric of a Node service: its kind, help, labels and limits. */
export interface ServiceMetricDefinition {
  /** As Prometheus shows it. */
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** `service` is always the last. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending, without `+Inf`; in the unit that the name ends with. */
  readonly buckets?: readonly number[];
  /** The most series of one process; what exceeds them is counted under labels whose values are all `overflow`. */
  readonly maxSeries: number;
}

/** The metrics of services, typed by name. The seed's metrics have the seed's names, labels and buckets. */
export const serviceSeries = {
  http_requests_total: {
    kind: 'counter',
    help: 'HTTP requests answered, or given up by the client (499), by route template.',
    labels: ['method', 'endpoint', 'status_code', 'service'],
    maxSeries: 2_000,
  },
  http_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time from the arrival of an HTTP request to the end of its answer, in seconds.',
    labels: ['method', 'endpoint', 'service'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    maxSeries: 500,
  },
  active_game_sessions_total: {
    kind: 'gauge',
    help: 'Game sessions that are being played.',
    labels: ['game_type', 'service'],
    maxSeries: 100,
  },
  game_events_total: {
    kind: 'counter',
    help: 'Game events by type of event and of game.',
    labels: ['event_type', 'game_type', 'service'],
    maxSeries: 1_000,
  },
  game_session_duration_minutes: {
    kind: 'histogram',
    help: 'Length of finished game sessions, in minutes.',
    labels: ['game_type', 'service'],
    buckets: [1, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180],
    maxSeries: 100,
  },
  game_revenue_rubles: {
    kind: 'counter',
    help: 'Money taken for games, in rubles.',
    labels: ['game_type', 'service'],
    maxSeries: 100,
  },
  user_actions_total: {
    kind: 'counter',
    help: 'Actions of users that the service carried out.',
    labels: ['action_type', 'service'],
    maxSeries: 500,
  },
  db_connections_active: {
    kind: 'gauge',
    help: 'Connections of the pool that are in use.',
    labels: ['database', 'service'],
    maxSeries: 50,
  },
  db_connections_max: {
    kind: 'gauge',
    help: 'The most connections that the pool opens.',
    labels: ['database', 'service'],
    maxSeries: 50,
  },
  db_query_duration_seconds: {
    kind: 'histogram',
    help: 'Time from sending a query to its last row, in seconds; failed ones too.',
    labels: ['query_type', 'table', 'service'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    maxSeries: 300,
  },
  cache_hits_total: {
    kind: 'counter',
    help: 'Keys that were asked for and found in the cache.',
    labels: ['cache_type', 'service'],
    maxSeries: 50,
  },
  cache_misses_total: {
    kind: 'counter',
    help: 'Keys that were asked for and not found in the cache.',
    labels: ['cache_type', 'service'],
    maxSeries: 50,
  },
  memory_usage_bytes: {
    kind: 'gauge',
    help: 'Memory that the process holds (its resident set), in bytes.',
    labels: ['service'],
    maxSeries: 1,
  },
  memory_limit_bytes: {
    kind: 'gauge',
    help: 'Memory that the process may have: the limit of its control group, or all of the machine, in bytes.',
    labels: ['service'],
    maxSeries: 1,
  },
  disk_free_bytes: {
    kind: 'gauge',
    help: 'Space of a watched disk that unprivileged users may still fill, in bytes.',
    labels: ['disk', 'service'],
    maxSeries: 20,
  },
  disk_total_bytes: {
    kind: 'gauge',
    help: 'Size of a watched disk, in bytes.',
    labels: ['disk', 'service'],
    maxSeries: 20,
  },
  network_errors_total: {
    kind: 'counter',
    help: 'Calls of another server that failed because it could not be reached or the connection broke.',
    labels: ['target', 'error_type', 'service'],
    maxSeries: 200,
  },
  websocket_connections_active: {
    kind: 'gauge',
    help: 'WebSocket connections that are open.',
    labels: ['service'],
    maxSeries: 1,
  },
  websocket_messages_total: {
    kind: 'counter',
    help: 'WebSocket messages by direction (in, out) and type.',
    labels: ['direction', 'message_type', 'service'],
    maxSeries: 200,
  },
  amqp_messages_total: {
    kind: 'counter',
    help: 'Messages given to the broker (published) and taken from it (consumed), by queue or exchange.',
    labels: ['direction', 'queue', 'service'],
    maxSeries: 200,
  },
  auth_failures_total: {
    kind: 'counter',
    help: 'Sign-ins and tokens that were refused, by reason.',
    labels: ['reason', 'service'],
    maxSeries: 50,
  },
  security_events_total: {
    kind: 'counter',
    help: 'Security events by type and severity.',
    labels: ['event_type', 'severity', 'service'],
    maxSeries: 100,
  },
  health_check_status: {
    kind: 'gauge',
    help: 'What a health check last said: 1 healthy, 0.5 degraded, 0 unhealthy.',
    labels: ['check', 'service'],
    maxSeries: 100,
  },
} as const satisfies Record<string, Omit<ServiceMetricDefinition, 'name'>>;

/** The values of `query_type`; any other statement is `other`. */
export const queryTypes: readonly string[] = [
  ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY', 'CALL', 'EXPLAIN'],
  ...['BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'RELEASE'],
  ...['CREATE', 'ALTER', 'DROP', 'TRUNCATE', 'SET', 'SHOW', 'LISTEN', 'NOTIFY'],
];

/** The names of a service's metrics. */
export type ServiceMetricName = keyof typeof serviceSeries;

/** The labels of a metric that a caller passes: all but `service`, which is the same for the whole process. */
export type ServiceMetricLabel<Name extends ServiceMetricName> = Exclude<
  (typeof serviceSeries)[Name]['labels'][number],
  'service'
>;

function serviceDefinitions(): [ServiceMetricName, ServiceMetricDefinition][] {
  const names = Object.keys(serviceSeries) as ServiceMetricName[];
  return names.map((name) => [name, { name, ...serviceSeries[name] }]);
}

/** Every metric that the service toolkit emits, except Node's own (`process_*`, `nodejs_*`), by name. */
export const serviceCatalogue: ReadonlyMap<string, ServiceMetricDefinition> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ serviceDefinitions(),
);
