import { resolve } from 'node:path';

/** What the gateway is told when it is made. `readConfig` reads it from environment variables. */
export interface GatewayConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absolute directory of everything that is kept; the store lies in `gateway` within it. */
  readonly dataDir: string;
  /** Origins, beside the gateway's own, whose pages may send: `https://app.example`. */
  readonly origins: readonly string[];
  /** In `development` pages of any loopback origin may send too. */
  readonly environment: 'development' | 'production';
  readonly logLevel: LogLevelName;
  /** Refuses metrics that the catalogue does not know. */
  readonly strictCatalogue: boolean;
  /** The most logs and spans that wait to be handed on; what is over goes oldest first. */
  readonly queueLimit: number;
  /** Days after which a silent producer is forgotten. Longer than a client keeps a batch, or that batch counts twice. */
  readonly ledgerDays: number;
  /** Key of the user hashes. Left out: a random one, made at the first start and kept in `dataDir`. */
  readonly secret?: string;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevelName = (typeof logLevels)[number];

/** One line for each bad variable: its name, its value and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

function isOrigin(text: string): boolean {
  try {
    const { origin, protocol } = new URL(text);
    return origin === text && (protocol === 'https:' || protocol === 'http:');
  } catch {
    return false;
  }
}

/**
 * Reads the configuration from environment variables; an empty one counts as left out. Throws a `ConfigError` that
 * lists every bad variable, and never shows a secret.
 */
export function readConfig(env: Environment): GatewayConfig {
  const problems: string[] = [];
  const given = (name: string): string | undefined => env[name]?.trim() || undefined;
  const refuse = (name: string, expected: string, shown = JSON.stringify(given(name))): void => {
    problems.push(`${name}: expected ${expected}, got ${shown}`);
  };

  const whole = (name: string, fallback: number, min: number, max: number): number => {
    const text = given(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    refuse(name, `a whole number from ${min} to ${max}`);
    return fallback;
  };
  const oneOf = <T extends string>(name: string, values: readonly T[], fallback: T): T => {
    const text = given(name);
    if (text === undefined) return fallback;
    const found = values.find((value) => value === text);
    if (found === undefined) refuse(name, `one of ${values.join(', ')}`);
    return found ?? fallback;
  };

  const origins = (given('GATEWAY_ORIGINS') ?? '')
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
  for (const origin of origins) {
    if (!isOrigin(origin)) {
      refuse('GATEWAY_ORIGINS', 'origins like https://app.example, parted by commas', JSON.stringify(origin));
    }
  }
  const secret = given('GATEWAY_SECRET');
  if (secret !== undefined && secret.length < 32) {
    refuse('GATEWAY_SECRET', 'at least 32 characters', `${secret.length}`);
  }

  const config: GatewayConfig = {
    host: given('GATEWAY_HOST') ?? '127.0.0.1',
    port: whole('GATEWAY_PORT', 4320, 0, 65_535),
    dataDir: resolve(given('DATA_DIR') ?? '.data'),
    origins,
    environment: oneOf('GATEWAY_ENV', ['development', 'production'], 'development'),
    logLevel: oneOf('LOG_LEVEL', logLevels, 'warn'),
    strictCatalogue: oneOf('GATEWAY_STRICT_CATALOGUE', ['true', 'false'], 'false') === 'true',
    queueLimit: whole('GATEWAY_QUEUE_LIMIT', 100_000, 1, 10_000_000),
    ledgerDays: whole('GATEWAY_LEDGER_DAYS', 30, 1, 3_650),
    ...(secret === undefined ? {} : { secret }),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
