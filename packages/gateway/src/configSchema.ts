import { isIP } from 'node:net';
import { z } from 'zod';
import { metricsSchema } from './metricsSchema';
import { outputsSchema } from './outputs/outputsConfig';
import { redisSchema } from './redis/redisSettings';
import { sentryDsnList } from './sentryDsn';
import { telegramSettings } from './telegram/telegramSettings';

/** A message says what was expected; `describeProblems` puts the field before it and what it got behind it. */
const wrong = (expected: string) => ({ error: `expected ${expected}` });

const whole = (min: number, max: number) => {
  const expected = wrong(`a whole number from ${min} to ${max}`);
  return z.int(expected).min(min, expected).max(max, expected);
};

const decimal = (min: number, max: number) => {
  const expected = wrong(`a number from ${min} to ${max}`);
  return z.number(expected).min(min, expected).max(max, expected);
};

const flag = () => z.boolean(wrong('true or false'));

const matching = (pattern: RegExp, expected: string) =>
  z.string(wrong(expected)).regex(pattern, wrong(expected));

const unitBytes: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** A number of bytes, or text such as `512 MiB`. */
const bytes = (min: number, max: number) =>
  z
    .union([z.number(), z.string()], wrong('a number of bytes, or one such as 512 MiB'))
    .transform((value, context) => {
      const [, digits, unit = ''] = /^(\d+(?:\.\d+)?) *(?:([kmgt])i?b?)?$/i.exec(String(value).trim()) ?? [];
      const size = Math.floor(Number(digits) * (unitBytes[unit.toLowerCase()] ?? 1));
      if (size >= min && size <= max) return size;
      const message = `expected from ${min} to ${max} bytes, as a number or such as 512 MiB`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });

/** Secrets are `secretLength` characters or more; what is too short tells its length and nothing else. */
const secret = (length: number) =>
  z.string(wrong(`at least ${length} characters`)).min(length, wrong(`at least ${length} characters`));

function isOrigin(text: string): boolean {
  try {
    const { origin, protocol } = new URL(text);
    return origin === text && (protocol === 'https:' || protocol === 'http:');
  } catch {
    return false;
  }
}

const originExpected = wrong('origins like https://app.example, without path or wildcard');
const origins = () =>
  z.array(z.string(originExpected).refine(isOrigin, originExpected), wrong('a list of origins'));

function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

const proxyExpected = wrong('true, false, a number of proxies, or a list of addresses like 10.0.0.0/8');
const trustProxy = z.custom<boolean | number | string[]>(
  (value) =>
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100) ||
    (Array.isArray(value) && value.every((one) => typeof one === 'string' && isNetwork(one))),
  proxyExpected,
);

const rate = () => decimal(0, 1_000_000);

const tenantLimits = z.strictObject({
  requestsPerSecond: z
    .strictObject({ key: rate().optional(), anonymous: rate().optional(), producer: rate().optional() })
    .prefault({}),
  seriesPerMetric: whole(1, 1_000_000).optional(),
  unknownMetrics: whole(0, 10_000).optional(),
  seriesPerUnknownMetric: whole(1, 100_000).optional(),
});

const namePattern = /^[a-zA-Z\d](?:[\w.-]{0,62}[a-zA-Z\d])?$/;
const nameExpected = 'a name of at most 64 letters, digits, dots, dashes and underscores';

/** The settings that belong to one tenant, and to the default tenant where none is configured. */
const tenantSettings = {
  origins: origins().optional(),
  strict: flag().optional(),
  metrics: metricsSchema.optional(),
  readToken: secret(16).optional(),
  sentryDsns: sentryDsnList.optional(),
  telegram: telegramSettings.optional(),
};

const outputName = z.string(wrong('the name of an output'));
const tenantSchema = z.strictObject(
  {
    app: matching(namePattern, nameExpected),
    environment: matching(namePattern, nameExpected),
    key: matching(/^[\w.-]{8,128}$/, '8 to 128 letters, digits, dots, dashes and underscores'),
    ...tenantSettings,
    limits: tenantLimits.optional(),
    outputs: z.array(outputName, wrong('a list of names of outputs')).optional(),
  },
  // Zod asks this for unknown fields too, which `flattenIssues` words on its own.
  wrong('an app with its environment and key'),
);

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const environments = ['development', 'production'] as const;

const MIB = 1_048_576;

/** The whole configuration, as its file says it; defaults are filled in by parsing. */
export const configSchema = z.strictObject({
  host: z
    .string(wrong('an address to listen on'))
    .min(1, wrong('an address to listen on'))
    .default('127.0.0.1'),
  port: whole(0, 65_535).default(4_320),
  dataDir: z.string(wrong('a directory')).min(1, wrong('a directory')).default('.data'),
  environment: z.enum(environments, wrong(`one of ${environments.join(', ')}`)).default('development'),
  secret: secret(32).optional(),
  previousSecret: secret(32).optional(),
  trustProxy: trustProxy.default(false),
  log: z
    .strictObject({ level: z.enum(logLevels, wrong(`one of ${logLevels.join(', ')}`)).default('warn') })
    .prefault({}),
  admin: z
    .strictObject({
      token: secret(16).optional(),
      host: z.string(wrong('an address to listen on')).min(1, wrong('an address to listen on')).optional(),
      port: whole(0, 65_535).optional(),
    })
    .prefault({}),
  store: z.strictObject({ maxBytes: bytes(MIB, 2 ** 50).optional() }).prefault({}),
  queue: z.strictObject({ limit: whole(1, 10_000_000).default(100_000) }).prefault({}),
  ledger: z.strictObject({ days: whole(1, 3_650).default(30) }).prefault({}),
  limits: z
    .strictObject({
      bodyBytes: bytes(1_024, 16 * MIB).default(MIB),
      inflatedBytes: bytes(1_024, 16 * MIB).default(MIB),
      depth: whole(6, 64).default(16),
      items: whole(1, 3_000).default(3_000),
      futureSeconds: whole(0, 31_536_000).default(86_400),
      ...tenantLimits.shape,
      requestsPerSecond: tenantLimits.shape.requestsPerSecond
        .unwrap()
        .extend({ address: rate().default(5_000) })
        .prefault({}),
    })
    .prefault({}),
  overload: z
    .strictObject({
      heap: decimal(0.1, 1).default(0.85),
      memoryBytes: bytes(64 * MIB, 2 ** 50).optional(),
      delayMs: whole(20, 60_000).default(500),
      bodyBytes: bytes(MIB, 2 ** 40).default(128 * MIB),
    })
    .prefault({}),
  connections: z
    .strictObject({
      max: whole(1, 1_000_000).default(50_000),
      headersSeconds: whole(1, 3_600).default(10),
      requestSeconds: whole(1, 3_600).default(30),
      // Longer than the 60 s of common proxies, or they would send into connections that are being closed.
      idleSeconds: whole(1, 3_600).default(72),
    })
    .prefault({}),
  ...tenantSettings,
  tenants: z.array(tenantSchema, wrong('a list of tenants')).optional(),
  outputs: outputsSchema,
  redis: redisSchema.optional(),
});

export type ParsedConfig = z.output<typeof configSchema>;
export type ParsedTenant = z.output<typeof tenantSchema>;

/**
 * The fields that hold secrets; an output's headers are such. Each may also be given as a path to a file, in a field of
 * the same name and `File`.
 */
export const isSecretField = (name: string): boolean =>
  /(?:^|[a-z])(?:secret|token|password)$|^headers$/i.test(name);
