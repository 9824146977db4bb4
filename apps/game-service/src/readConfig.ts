export interface Config {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** `memory` is for tests; all else is chosen by `databaseUrl`. */
  readonly storage: 'database' | 'memory';
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly amqpUrl?: string;
  /** Where the embedded database keeps its data. */
  readonly dataDir?: string;
  readonly botToken?: string;
  /** Proxies whose `X-Forwarded-For` is believed, as Fastify's `trustProxy` takes them. */
  readonly trustProxy: string;
  /** Ms from which on a query is told of in the log, 100 if left out. */
  readonly slowQueryMs?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

function readPort(given: string): number {
  const port = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
  if (!(port <= 65_535)) throw new Error(`GAME_PORT "${given}" must be a whole number from 0 to 65535`);
  return port;
}

function readSlowQueryMs(given: string): number {
  const ms = /^\d{1,6}$/.test(given) ? Number(given) : Number.NaN;
  if (ms >= 0) return ms;
  throw new Error(`GAME_SLOW_QUERY_MS "${given}" must be a whole number of ms from 0 to 999999`);
}

/** The address may hold a password, so that no message shows it. */
function readAddress(env: Environment, variable: string, schemes: readonly string[]): string | undefined {
  const given = env[variable];
  if (!given) return undefined;
  const scheme = URL.canParse(given) ? new URL(given).protocol.slice(0, -1) : 'no address';
  if (schemes.includes(scheme)) return given;
  throw new Error(`${variable} must be an address ${schemes.join(':// or ')}://, and is ${scheme}`);
}

/**
 * Reads the environment: `GAME_PORT` (4330), `GAME_HOST` (127.0.0.1), `DATABASE_URL`, `REDIS_URL`, `AMQP_URL`, `DATA_DIR`,
 * `TELEGRAM_BOT_TOKEN`, `GAME_TRUST_PROXY` (`loopback`), `GAME_SLOW_QUERY_MS` (100), `GAME_STORAGE` (`memory` for tests). Throws an error that names the
 * variable that is wrong, and its value where it is no secret.
 */
export function readConfig(env: Environment): Config {
  const databaseUrl = readAddress(env, 'DATABASE_URL', ['postgres', 'postgresql']);
  const redisUrl = readAddress(env, 'REDIS_URL', ['redis', 'rediss']);
  const amqpUrl = readAddress(env, 'AMQP_URL', ['amqp', 'amqps']);
  const botToken = env.TELEGRAM_BOT_TOKEN;
  if (botToken && !/^\d+:[\w-]{20,}$/.test(botToken)) {
    throw new Error(
      `TELEGRAM_BOT_TOKEN must be what BotFather gives, such as 123456:ABC…, and has ${botToken.length} characters`,
    );
  }
  const storage = env.GAME_STORAGE || 'database';
  if (storage !== 'database' && storage !== 'memory')
    throw new Error(`GAME_STORAGE "${storage}" must be database or memory`);
  return {
    port: readPort(env.GAME_PORT || '4330'),
    host: env.GAME_HOST || '127.0.0.1',
    storage,
    trustProxy: env.GAME_TRUST_PROXY || 'loopback',
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(redisUrl ? { redisUrl } : {}),
    ...(amqpUrl ? { amqpUrl } : {}),
    ...(env.GAME_SLOW_QUERY_MS ? { slowQueryMs: readSlowQueryMs(env.GAME_SLOW_QUERY_MS) } : {}),
    ...(env.DATA_DIR ? { dataDir: env.DATA_DIR } : {}),
    ...(botToken ? { botToken } : {}),
  };
}
