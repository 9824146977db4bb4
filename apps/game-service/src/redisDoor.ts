import { within } from '@artel/telemetry-service';
import { checkRedis, type HealthCheck } from '@artel/telemetry-service/health';
import { instrumentRedis } from '@artel/telemetry-service/instruments';
import type { AppMetrics } from '@artel/telemetry-service/metrics';
import { createClient } from '@redis/client';

export interface RedisDoorOptions {
  readonly client: RedisClient;
  readonly metrics: AppMetrics;
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

const ANSWER_MS = 500;
const CONNECT_MS = 2_000;
/** How long Redis is left alone after it did not answer. */
const REST_MS = 1_000;
const RECONNECT_MS = 500;

/** A client of `redis://user:password@host:port/database` that is not connected yet. */
export function createRedisClient(url: string) {
  return createClient({
    url,
    // What could not be asked is answered without Redis, and must not be done late.
    disableOfflineQueue: true,
    socket: { connectTimeout: CONNECT_MS, reconnectStrategy: RECONNECT_MS },
  });
}

type RedisClient = ReturnType<typeof createRedisClient>;

/** A Redis that the service can do without. */
export interface RedisDoor {
  /** What Redis answers, or `undefined` while it is away. Never rejects. */
  ask<T>(question: (client: RedisClient) => Promise<T>): Promise<T | undefined>;
  readonly health: HealthCheck;
  close(): void;
}

/** Connects to a Redis, now and whenever the connection breaks. */
export function createRedisDoor({ client, metrics, logger }: RedisDoorOptions): RedisDoor {
  client.on('error', () => {});
  instrumentRedis(client, { metrics, cacheType: 'session' });
  client.connect().catch(() => {});
  let isAway = false;
  let askedAt = 0;

  return {
    async ask(question) {
      if (isAway && performance.now() - askedAt < REST_MS) return undefined;
      askedAt = performance.now();
      try {
        // A client's own timeout ends with the sending of a command; a Redis that hangs has taken it.
        const answer = await within(question(client), ANSWER_MS);
        if (isAway) logger.info({}, 'Redis is back');
        isAway = false;
        return answer;
      } catch (error) {
        if (!isAway) logger.warn({ err: error }, 'Redis does not answer: the game goes on without it');
        isAway = true;
        return undefined;
      }
    },
    health: checkRedis(client, { critical: false, timeoutMs: CONNECT_MS }),
    close: () => client.destroy(),
  };
}
