import { randomBytes } from 'node:crypto';
import { type Tracer, trace } from '@opentelemetry/api';
import type { FastifyPluginAsync } from 'fastify';
import type { Logger } from 'pino';
import { closeOnSignals } from './closeOnSignals';
import type { Errors } from './errors';
import { createFastifyOptions } from './fastifyOptions';
import type { HealthMonitor } from './health';
import { loadRoom } from './loadRoom';
import type { BusinessEventLogger } from './logging';
import type { LogLine } from './logging/createLogger';
import type { AppMetrics } from './metrics';
import { noErrors } from './noErrors';
import type { SecurityMonitor } from './security';
import { type FastifyOptions, readServiceOptions, type ServiceOptions } from './serviceOptions';
import { createServicePlugin } from './servicePlugin';
import type { Tracing } from './tracing';
import { isDoneWithin } from './within';

/** Everything of one service, set up by {@link createService}. */
export interface Service {
  readonly logger: Logger;
  /** Business events on the same log. */
  readonly events: BusinessEventLogger;
  readonly metrics: AppMetrics;
  /** Makes spans that go nowhere without an endpoint. */
  readonly tracer: Tracer;
  /** What became of the spans; nothing without an endpoint. */
  readonly tracing: Tracing | undefined;
  /** Does nothing without a DSN. */
  readonly errors: Errors;
  readonly security: SecurityMonitor;
  /** Answers at `/health`, `/health/live` and `/health/ready`; checks are added by the app. */
  readonly health: HealthMonitor;
  /** What to hand to `Fastify()`, so that its log is the service's. */
  readonly fastify: FastifyOptions;
  /** Everything for a Fastify app, in the right order; register it before the routes. */
  readonly plugin: FastifyPluginAsync;
  /**
   * Sends what waits (spans, errors, lines) and ends, within `closeTimeout`; tells whether all of it went. A Fastify app
   * with the plugin does so when it closes, and closes at SIGTERM and SIGINT.
   */
  close(): Promise<boolean>;
}

/**
 * Sets up logging, metrics, tracing, errors, security and health of a service from options and environment. Throws for a
 * setting that is wrong, with its name, and for a package that is not installed, where it is needed.
 */
export async function createService(options: ServiceOptions): Promise<Service> {
  const settings = readServiceOptions(options);
  const { name, version } = options;
  const { environment, endpoint, sampleRatio, dsn } = settings;
  const secret = settings.secret ?? randomBytes(32);
  const common = { service: name, version, environment };

  const logging = await loadRoom('the log', () => import('./logging'));
  const metricsRoom = await loadRoom('metrics', () => import('./metrics'));
  const securityRoom = await loadRoom('security', () => import('./security'));
  const healthRoom = await loadRoom('health', () => import('./health'));
  const tracingRoom =
    endpoint === undefined ? undefined : await loadRoom('tracing', () => import('./tracing'));
  const errorsRoom = dsn === undefined ? undefined : await loadRoom('sentry', () => import('./errors'));

  let hear: ((line: LogLine) => void) | undefined;
  const logger = logging.createLogger({
    ...options.logging,
    ...common,
    level: settings.level,
    pretty: settings.pretty,
    ...(errorsRoom ? { onLine: (line: LogLine) => hear?.(line) } : {}),
  });
  const tracing =
    tracingRoom && endpoint !== undefined
      ? tracingRoom.setupTracing({
          ...options.tracing,
          ...common,
          endpoint,
          ...(sampleRatio === undefined ? {} : { sampleRatio }),
        })
      : undefined;
  const errors =
    errorsRoom && dsn !== undefined
      ? errorsRoom.setupSentry({ ...options.sentry, ...common, dsn, context: logging.currentRequestContext })
      : noErrors;
  hear = errorsRoom?.createLogListener();

  const metrics = metricsRoom.createAppMetrics({
    service: name,
    ...(options.metrics?.registry ? { registry: options.metrics.registry } : {}),
  });
  const security = securityRoom.createSecurityMonitor({
    ...options.security,
    service: name,
    secret,
    logger,
    metrics,
    onCritical: (record) => {
      errors.captureSecurityEvent(record.event_type, record);
      return options.security?.onCritical?.(record);
    },
  });
  const health = new healthRoom.HealthMonitor({ ...options.health, version, metrics, logger });
  if (settings.secret === undefined) {
    logger.warn('No secret is set: hashes of addresses and users hold for this process only');
  }

  const hash = securityRoom.createKeyedHash(secret);
  const end = async (): Promise<boolean> => {
    const ends = await Promise.all([
      isDoneWithin(tracing?.shutdown() ?? Promise.resolve(), settings.closeTimeout),
      isDoneWithin(errors.close(settings.closeTimeout), settings.closeTimeout),
    ]);
    const isWritten = await isDoneWithin(logging.flushLogger(logger), settings.closeTimeout);
    return isWritten && ends.every((isDone) => isDone);
  };
  let ending: Promise<boolean> | undefined;
  const close = (): Promise<boolean> => {
    ending ??= end();
    return ending;
  };

  return {
    logger,
    events: new logging.BusinessEventLogger(logger),
    metrics,
    tracer: tracing?.tracer ?? trace.getTracer('@artel/telemetry-service'),
    tracing,
    errors,
    security,
    health,
    fastify: await createFastifyOptions(logger),
    plugin: createServicePlugin({
      tracing: tracingRoom?.httpTracing,
      errors: errorsRoom?.errorCapture,
      logging: {
        plugin: logging.requestLogging,
        options: { logger, hashAddress: (address) => hash('address', securityRoom.networkKey(address)) },
      },
      metrics: {
        plugin: metricsRoom.httpMetrics,
        options: {
          metrics,
          ...(options.metrics?.path === undefined ? {} : { path: options.metrics.path }),
          ...(settings.metricsToken === undefined ? {} : { token: settings.metricsToken }),
        },
      },
      security: { plugin: securityRoom.securityPlugin, options: { monitor: security } },
      health: { plugin: healthRoom.healthRoutes, options: { monitor: health } },
      quietRoutes: options.quietRoutes,
      close,
      listen: (closeApp) =>
        closeOnSignals({
          signals: options.signals ?? ['SIGTERM', 'SIGINT'],
          close: () => isDoneWithin(closeApp(), settings.closeTimeout).then(close),
          process,
        }),
    }),
    close,
  };
}
