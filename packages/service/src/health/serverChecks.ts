import type { HealthCheck } from './healthCheck';

/** What every check may be told besides what it looks at. */
export interface CheckOptions {
  /** As reports show it. */
  readonly name?: string;
  readonly timeoutMs?: number;
  readonly critical?: boolean;
}

/** As much of a `pg` pool as is asked. */
export interface PostgresLike {
  /** Runs one statement. */
  query(sql: string): Promise<unknown>;
  readonly totalCount?: number;
  readonly idleCount?: number;
  readonly waitingCount?: number;
  readonly options?: { readonly max?: number };
}

/** As much of a client of `@redis/client` as is asked. */
export interface RedisLike {
  /** Asks for a sign of life. */
  ping(): Promise<unknown>;
  readonly isReady?: boolean;
}

/** As much of a connection of amqplib as is asked: a channel is opened and closed, which the broker must answer. */
export interface RabbitMqLike {
  /** Opens a channel. */
  createChannel(): Promise<{
    /** Hears of the channel's errors. */
    on(event: 'error', listener: () => void): unknown;
    /** Closes the channel. */
    close(): Promise<void>;
  }>;
}

const optional = ({ timeoutMs, critical }: CheckOptions) => ({
  ...(timeoutMs !== undefined && { timeoutMs }),
  ...(critical !== undefined && { critical }),
});

/** Share of the pool in use, in percent, from which on it is degraded: the seed's alert on the pool. */
const POOL_DEGRADED = 0.8;

/**
 * Asks PostgreSQL through the service's own pool. Degraded while more than 80 % of the pool's connections are in use and
 * others wait for one.
 */
export function checkPostgres(pool: PostgresLike, options: CheckOptions = {}): HealthCheck {
  return {
    name: options.name ?? 'postgresql',
    ...optional(options),
    async run() {
      // Before the question, which takes a connection itself.
      const { totalCount = 0, idleCount = 0, waitingCount = 0 } = pool;
      const active = totalCount - idleCount;
      const max = pool.options?.max;
      await pool.query('SELECT 1');
      const details = { active, waiting: waitingCount, ...(max !== undefined && { max }) };
      const isFull = max !== undefined && active > max * POOL_DEGRADED && waitingCount > 0;
      return isFull
        ? { status: 'degraded', reason: 'the connection pool is nearly exhausted', details }
        : { status: 'healthy', details };
    },
  };
}

/** Pings Redis by the service's own client. While the client is reconnecting the check fails at once. */
export function checkRedis(client: RedisLike, options: CheckOptions = {}): HealthCheck {
  return {
    name: options.name ?? 'redis',
    ...optional(options),
    async run() {
      if (client.isReady === false) return { status: 'unhealthy', reason: 'not connected' };
      await client.ping();
      return { status: 'healthy' };
    },
  };
}

/**
 * Opens and closes a channel on the service's own connection to RabbitMQ. A function is asked anew each time, for a service
 * that makes a new connection where one broke; where it answers nothing the service is not connected.
 */
export function checkRabbitMq(
  connection: RabbitMqLike | (() => RabbitMqLike | undefined),
  options: CheckOptions = {},
): HealthCheck {
  return {
    name: options.name ?? 'rabbitmq',
    ...optional(options),
    async run() {
      const current = typeof connection === 'function' ? connection() : connection;
      if (!current) return { status: 'unhealthy', reason: 'not connected' };
      const channel = await current.createChannel();
      channel.on('error', () => {});
      await channel.close();
      return { status: 'healthy' };
    },
  };
}

export interface HttpCheckOptions extends CheckOptions {
  /** Whether an answer's status is a good one; all below 500 if left out: it is reachable and works. */
  readonly isGood?: (status: number) => boolean;
  /** `globalThis.fetch` if left out. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Asks a service outside by GET. Not critical unless said. Throws a `TypeError` where the address is no http(s) URL. */
export function checkHttp(url: string, options: HttpCheckOptions): HealthCheck {
  const { isGood = (status: number) => status < 500, fetch = globalThis.fetch } = options;
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError(`url: expected an http or https address, got ${JSON.stringify(url)}`);
  }
  return {
    critical: false,
    ...optional(options),
    name: options.name ?? 'http',
    async run(signal) {
      const response = await fetch(url, { signal, redirect: 'manual' });
      await response.body?.cancel();
      const details = { statusCode: response.status };
      return isGood(response.status)
        ? { status: 'healthy', details }
        : { status: 'unhealthy', reason: 'answers with an error', details };
    },
  };
}
