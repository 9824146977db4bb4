import { resolve } from 'node:path';
import { type Environment, given, overrideFrom } from './configEnvironment';
import { baseOf, readSecretFiles, readYaml } from './configFile';
import {
  type FieldIssue,
  flattenIssues,
  isMapping,
  type Path,
  pathText,
  shown,
  valueAt,
} from './configProblems';
import { configSchema, type logLevels, type ParsedConfig } from './configSchema';
import type { ConnectionBounds } from './connections';
import { readMetricsFiles } from './metricsFile';
import type { OutputsConfig } from './outputs/outputsConfig';
import { type RedisSettings, redisSettingsOf } from './redis/redisSettings';
import { type Tenant, tenantsOf } from './tenants';

/** Levels of the gateway's own log. */
export type LogLevelName = (typeof logLevels)[number];

/** Bounds of one request, before it is known whose it is. */
export interface RequestLimits {
  /** Largest body as it arrives, and what it may inflate to, in bytes. */
  readonly bodyBytes: number;
  readonly inflatedBytes: number;
  /** How deep its JSON may be nested. */
  readonly depth: number;
  /** Points, logs and spans of one batch together. */
  readonly items: number;
  /** How far ahead of the gateway's clock, in seconds, an event may say it was. */
  readonly futureSeconds: number;
  /** Requests a second from one address, as a mean over ten; 0 is without bound. */
  readonly addressRate: number;
}

/** Where the gateway begins to answer 503, before it is too late to. */
export interface OverloadBounds {
  /** Part of the heap that V8 may grow to. */
  readonly heap: number;
  /** Resident memory of the process; left out, 85 % of what the machine or the container has. */
  readonly memoryBytes?: number;
  /** Median delay of the event loop over a second, in ms. */
  readonly delayMs: number;
  /** Bodies that are being received, together, in bytes. */
  readonly bodyBytes: number;
}

/** What the gateway is told when it is made. `readConfig` reads it from a file and environment variables. */
export interface GatewayConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absolute directory of everything that is kept; the store lies in `gateway` within it. */
  readonly dataDir: string;
  /** In `development` pages of any loopback origin may send too, and all may read `/metrics` and `/live`. */
  readonly environment: 'development' | 'production';
  /** Key of the user hashes. Left out: a random one, made at the first start and kept in `dataDir`. */
  readonly secret?: string;
  /** The secret before this one: session tokens that it has signed stay good until they expire. */
  readonly previousSecret?: string;
  /** Whose `X-Forwarded-For` tells the sender's address; as Fastify's `trustProxy`. */
  readonly trustProxy: boolean | number | string[];
  readonly logLevel: LogLevelName;
  readonly admin: {
    /** May read everything and take backups. */
    readonly token?: string;
    /** A second listener, which then alone serves `/metrics`, `/live` and the admin routes. */
    readonly listen?: { readonly host: string; readonly port: number };
  };
  /** Bytes that the store's live data may fill. */
  readonly storeMaxBytes?: number;
  /** The most logs and spans that wait to be handed on; what is over goes oldest first. */
  readonly queueLimit: number;
  /** Days after which a silent producer is forgotten. Longer than a client keeps a batch, or that batch counts twice. */
  readonly ledgerDays: number;
  readonly limits: RequestLimits;
  readonly overload: OverloadBounds;
  readonly connections: ConnectionBounds;
  /** One at least: the default tenant where none is configured. */
  readonly tenants: readonly Tenant[];
  /** By name, where logs, spans and series are handed on to. */
  readonly outputs: OutputsConfig;
  /** What gateways count in together. Left out, this one counts alone. */
  readonly redis?: RedisSettings;
}

/** One line for each problem: the field or variable, its value and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Fields of the top that speak of the default tenant, which is not there where others are. */
const defaultTenantFields = ['origins', 'readToken', 'sentryDsns', 'telegram'] as const;

function unknownOutputs(raw: unknown, names: unknown, at: Path): FieldIssue[] {
  const outputs = valueAt(raw, ['outputs']);
  const known = isMapping(outputs) ? Object.keys(outputs) : [];
  if (!Array.isArray(names)) return [];
  return names.flatMap((name, index): FieldIssue[] => {
    if (typeof name !== 'string' || known.includes(name)) return [];
    const expected = known.length > 0 ? `expected one of ${known.join(', ')}` : 'there are no outputs';
    return [{ path: [...at, index], message: expected }];
  });
}

/** What no field tells by itself. Reads what was given and not what was parsed: one wrong field shall not hide these. */
function crossIssues(raw: unknown): FieldIssue[] {
  const issues: FieldIssue[] = [];
  const tenants = valueAt(raw, ['tenants']);
  if (Array.isArray(tenants) && tenants.length > 0) {
    for (const field of defaultTenantFields) {
      if (valueAt(raw, [field]) === undefined) continue;
      const message = `belongs to each tenant once tenants are configured, expected tenants[…].${field}`;
      issues.push({ path: [field], message, whole: true });
    }
    const firsts = new Map<string, string>();
    const once = (kind: string, value: unknown, path: readonly PropertyKey[], said: string): void => {
      if (typeof value !== 'string') return;
      const first = firsts.get(`${kind} ${value}`);
      if (first === undefined) firsts.set(`${kind} ${value}`, pathText(path));
      else issues.push({ path, message: `is ${said} ${first} again, expected one of its own`, whole: true });
    };
    for (const [at, tenant] of tenants.entries()) {
      if (!isMapping(tenant)) continue;
      const { app, environment, key, readToken } = tenant;
      once('token', readToken, ['tenants', at, 'readToken'], 'that of');
      once('key', key, ['tenants', at, 'key'], 'that of');
      issues.push(...unknownOutputs(raw, tenant['outputs'], ['tenants', at, 'outputs']));
      if (typeof app === 'string')
        once('id', `${app}/${String(environment)}`, ['tenants', at], 'app and environment of');
    }
    const admin = valueAt(raw, ['admin', 'token']);
    if (typeof admin === 'string') once('token', admin, ['admin', 'token'], 'that of');
  }
  if (valueAt(raw, ['admin', 'host']) !== undefined && valueAt(raw, ['admin', 'port']) === undefined) {
    issues.push({
      path: ['admin', 'port'],
      message: 'is missing, the private listener needs one beside admin.host',
      whole: true,
    });
  }
  return issues;
}

function limitsOf({ limits }: ParsedConfig): RequestLimits {
  const { bodyBytes, inflatedBytes, depth, items, futureSeconds, requestsPerSecond } = limits;
  return { bodyBytes, inflatedBytes, depth, items, futureSeconds, addressRate: requestsPerSecond.address };
}

function configOf(parsed: ParsedConfig): GatewayConfig {
  const { host, port, dataDir, environment, secret, previousSecret, trustProxy, admin, store, overload } =
    parsed;
  const { memoryBytes, ...bounds } = overload;
  return {
    host,
    port,
    dataDir: resolve(dataDir),
    environment,
    ...(secret === undefined ? {} : { secret }),
    ...(previousSecret === undefined ? {} : { previousSecret }),
    trustProxy,
    logLevel: parsed.log.level,
    admin: {
      ...(admin.token === undefined ? {} : { token: admin.token }),
      ...(admin.port === undefined ? {} : { listen: { host: admin.host ?? '127.0.0.1', port: admin.port } }),
    },
    ...(store.maxBytes === undefined ? {} : { storeMaxBytes: store.maxBytes }),
    queueLimit: parsed.queue.limit,
    ledgerDays: parsed.ledger.days,
    limits: limitsOf(parsed),
    overload: { ...bounds, ...(memoryBytes === undefined ? {} : { memoryBytes }) },
    connections: parsed.connections,
    tenants: tenantsOf(parsed),
    outputs: parsed.outputs,
    ...(parsed.redis === undefined ? {} : { redis: redisSettingsOf(parsed.redis) }),
  };
}

/**
 * Reads the configuration from the YAML file that `GATEWAY_CONFIG` or `path` names, if any, and from the environment
 * variables, which override it; an empty variable counts as left out. Relative paths of secret files and of `metrics` start at
 * the file's directory, or at the working directory. Throws a `ConfigError` that lists all problems at once, and never
 * shows a secret.
 */
export function readConfig(env: Environment, path = given(env, 'GATEWAY_CONFIG')): GatewayConfig {
  const file = path === undefined ? { ok: true as const, value: {} } : readYaml(path);
  if (!file.ok) throw new ConfigError(file.problems);
  const overridden = overrideFrom(env, file.value);
  const secrets = readSecretFiles(overridden.raw, baseOf(path));
  const { raw, issues: metricsIssues } = readMetricsFiles(secrets.raw, baseOf(path));
  const parsed = configSchema.safeParse(raw, { reportInput: false });
  const issues = [
    ...secrets.issues,
    ...metricsIssues,
    ...(parsed.success ? [] : flattenIssues(configSchema, parsed.error.issues)),
    ...crossIssues(raw),
  ];
  if (parsed.success && issues.length === 0) return configOf(parsed.data);
  const problems = issues.map(({ path: at, message, whole }) => {
    const source = overridden.source(at);
    const got = source?.path.length === at.length ? source.text : valueAt(raw, at);
    return `${source?.name ?? pathText(at)}: ${message}${whole ? '' : `, got ${shown(got, at)}`}`;
  });
  throw new ConfigError([...new Set(problems)]);
}
