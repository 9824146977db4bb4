export type { CheckResult, Finding, HealthCheck, HealthDetails, HealthStatus } from './healthCheck';
export {
  HealthMonitor,
  type HealthMonitorOptions,
  type HealthReport,
  type Readiness,
} from './healthMonitor';
export { type HealthRoutesOptions, healthRoutes } from './healthRoutes';
export {
  checkDisk,
  checkEventLoop,
  checkMemory,
  type DiskCheckOptions,
  type EventLoopCheckOptions,
  type MemoryCheckOptions,
} from './machineChecks';
export { PrometheusQueryError } from './prometheusQuery';
export {
  type CheckOptions,
  checkHttp,
  checkPostgres,
  checkRabbitMq,
  checkRedis,
  type HttpCheckOptions,
  type PostgresLike,
  type RabbitMqLike,
  type RedisLike,
} from './serverChecks';
export {
  createSlaReport,
  type ErrorBudget,
  type SlaFigure,
  type SlaReport,
  type SlaReportOptions,
  type SlaTargets,
} from './slaReport';
