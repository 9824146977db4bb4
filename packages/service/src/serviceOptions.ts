import type { Registry } from '@prometheus-io/client';
import type { FastifyBaseLogger, LogController } from 'fastify';
import type { SentrySettings } from './errors/setupSentry';
import type { HealthMonitorOptions } from './health';
import type { LoggerOptions, LogLevel } from './logging/createLogger';
import type { SecurityMonitorOptions } from './security/securityOptions';
import type { TracingOptions } from './tracing/setupTracing';

type Environment = Readonly<Record<string, string | undefined>>;

/** What {@link createService} is told. What is left out comes from the environment, or has a default. */
export interface ServiceOptions {
  /** Name of the service: on every line, series, span and event. */
  readonly name: string;
  readonly version: string;
  /** `production`, `staging`, …; `DEPLOYMENT_ENVIRONMENT`, then `NODE_ENV`, then `development` unless given. */
  readonly environment?: string;
  /**
   * Key of the hashes under which clients' addresses and users are logged, 32 bytes or more, the same in all processes of a
   * service: `TELEMETRY_SECRET` unless given, else a random one, whose hashes hold for this process only.
   */
  readonly secret?: string | Uint8Array;
  /** Where lines go and how they look. `LOG_LEVEL` and `LOG_FORMAT` (`json` or `pretty`) say so too. */
  readonly logging?: Pick<LoggerOptions, 'level' | 'pretty' | 'timestamp' | 'destination'>;
  /** `OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_TRACES_SAMPLER_ARG` say so too. Without an endpoint nothing is traced. */
  readonly tracing?: Partial<Omit<TracingOptions, 'service' | 'version' | 'environment'>>;
  /** `SENTRY_DSN` says so too. Without a DSN nothing goes to Sentry. */
  readonly sentry?: Partial<Pick<SentrySettings, 'dsn' | 'release' | 'tracesSampleRate' | 'transport'>>;
  /** `METRICS_TOKEN` is what a scraper must send as a bearer token; anybody may read `/metrics` without one. */
  readonly metrics?: { readonly registry?: Registry; readonly path?: string; readonly token?: string };
  readonly security?: Partial<Omit<SecurityMonitorOptions, 'service' | 'secret' | 'logger' | 'metrics'>>;
  readonly health?: Omit<HealthMonitorOptions, 'version' | 'metrics' | 'logger'>;
  /** Routes that machines ask for all day: they get no span, and no line unless they fail. Health and metrics unless given. */
  readonly quietRoutes?: readonly string[];
  /** How long `close` may take, in ms; 10,000 unless given. */
  readonly closeTimeout?: number;
  /** Signals at which the server is closed in order; `SIGTERM` and `SIGINT` unless given. */
  readonly signals?: readonly NodeJS.Signals[];
  /** `process.env` unless given. */
  readonly env?: Environment;
}

/** What an app hands to `Fastify()`, so that its log is the service's and no request is logged twice. */
export interface FastifyOptions {
  readonly loggerInstance: FastifyBaseLogger;
  /** Keeps Fastify from logging requests by itself. */
  readonly logController?: LogController;
  /** The same for a Fastify that has no log controller yet. */
  readonly disableRequestLogging?: true;
}

export interface ReadOptions {
  readonly environment: string;
  readonly secret: string | Uint8Array | undefined;
  readonly level: LogLevel;
  readonly pretty: boolean;
  readonly endpoint: string | undefined;
  readonly sampleRatio: number | undefined;
  readonly dsn: string | undefined;
  readonly metricsToken: string | undefined;
  readonly closeTimeout: number;
}

const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

function isLevel(value: string): value is LogLevel {
  return LEVELS.includes(value);
}

function expect(condition: boolean, field: string, expected: string, value: unknown): void {
  if (!condition) throw new TypeError(`${field}: expected ${expected}, got ${JSON.stringify(value)}`);
}

/** A setting from the options, else from the environment, with the name under which it was found. */
function find<T>(env: Environment, option: string, value: T | undefined, variable: string) {
  const text = env[variable];
  if (value !== undefined) return { field: option, value };
  return text === undefined || text === '' ? undefined : { field: variable, value: text };
}

function readLevel(env: Environment, { logging }: ServiceOptions): LogLevel {
  const found = find(env, 'logging.level', logging?.level, 'LOG_LEVEL');
  if (!found) return 'info';
  const level = found.value.toLowerCase();
  if (isLevel(level)) return level;
  throw new TypeError(`${found.field}: expected one of ${LEVELS.join(', ')}, got "${found.value}"`);
}

function readPretty(env: Environment, { logging }: ServiceOptions): boolean {
  if (logging?.pretty !== undefined) return logging.pretty;
  const format = env['LOG_FORMAT'] || 'json';
  expect(/^(?:json|pretty)$/.test(format), 'LOG_FORMAT', 'json or pretty', format);
  return format === 'pretty';
}

function readEndpoint(env: Environment, { tracing }: ServiceOptions): string | undefined {
  const found = find(env, 'tracing.endpoint', tracing?.endpoint, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  if (!found) return undefined;
  const isAddress = /^https?:\/\/[^\s/]/.test(found.value) && URL.canParse(found.value);
  expect(isAddress, found.field, 'an http or https address', found.value);
  return found.value;
}

function readRatio(env: Environment, { tracing }: ServiceOptions): number | undefined {
  const found = find(env, 'tracing.sampleRatio', tracing?.sampleRatio, 'OTEL_TRACES_SAMPLER_ARG');
  if (!found) return undefined;
  const ratio = Number(found.value);
  expect(ratio >= 0 && ratio <= 1, found.field, 'a number from 0 to 1', found.value);
  return ratio;
}

function readDsn(env: Environment, { sentry }: ServiceOptions): string | undefined {
  const found = find(env, 'sentry.dsn', sentry?.dsn, 'SENTRY_DSN');
  if (!found) return undefined;
  // The value holds a key, so that it stands in no message.
  const isDsn = /^https?:\/\/[^@\s]+@[^@\s]+\/\d+$/.test(found.value);
  if (!isDsn) {
    throw new TypeError(
      `${found.field}: expected https://key@host/project, got a text of ${found.value.length} characters`,
    );
  }
  return found.value;
}

function readSecret(env: Environment, { secret }: ServiceOptions): string | Uint8Array | undefined {
  const found = find(env, 'secret', secret, 'TELEMETRY_SECRET');
  if (!found) return undefined;
  const length = Buffer.from(found.value).length;
  if (length < 32) throw new RangeError(`${found.field}: expected at least 32 bytes, got ${length}`);
  return found.value;
}

/** Reads options and environment; throws for the first that is wrong, with its name, its value and what was expected. */
export function readServiceOptions(options: ServiceOptions): ReadOptions {
  const { name, version, env = process.env, closeTimeout = 10_000 } = options;
  expect(
    typeof name === 'string' && /^[a-z][\w.-]{0,62}$/i.test(name),
    'name',
    'a name such as game-service',
    name,
  );
  expect(typeof version === 'string' && version !== '', 'version', 'a version such as 1.0.0', version);
  expect(closeTimeout >= 1, 'closeTimeout', 'a number of ms', closeTimeout);
  const environment =
    options.environment ?? (env['DEPLOYMENT_ENVIRONMENT'] || env['NODE_ENV'] || 'development');
  expect(typeof environment === 'string' && environment !== '', 'environment', 'a name', environment);
  return {
    environment,
    secret: readSecret(env, options),
    level: readLevel(env, options),
    pretty: readPretty(env, options),
    endpoint: readEndpoint(env, options),
    sampleRatio: readRatio(env, options),
    dsn: readDsn(env, options),
    metricsToken: options.metrics?.token ?? (env['METRICS_TOKEN'] || undefined),
    closeTimeout,
  };
}
