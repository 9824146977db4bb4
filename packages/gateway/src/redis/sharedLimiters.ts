import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { ExposedFamily } from '../exposition';
import { type LimiterFactory, limiterOver, memoryLimiters } from '../limits/limiter';
import type { SharedLedger } from './sharedLedger';

/** As the library's own, which does not tell its text: the points of a window that begins with its first. */
export const takeScript = `
redis.call('SET', KEYS[1], 0, 'EX', ARGV[2], 'NX')
return { redis.call('INCRBY', KEYS[1], ARGV[1]), redis.call('PTTL', KEYS[1]) }
`;

/** Limits that hold over all gateways together, and over each of them alone while Redis is away. */
export interface SharedLimiters {
  readonly limiters: LimiterFactory;
  families(): ExposedFamily[];
}

/** What the library asks of a client. */
interface Evaluation {
  readonly keys: string[];
  readonly arguments: string[];
}

export function createSharedLimiters(ledger: Pick<SharedLedger, 'run'>, prefix: string): SharedLimiters {
  let local = 0;
  const storeClient = {
    eval: (script: string, { keys, arguments: values }: Evaluation) =>
      ledger.run(keys[0] ?? '', script, keys, values),
  };

  return {
    limiters(spec) {
      const { scope, points, seconds } = spec;
      const shared = limiterOver(
        new RateLimiterRedis({
          storeClient,
          useRedisPackage: true,
          customIncrTtlLuaScript: takeScript,
          keyPrefix: `${prefix}rate:${scope}`,
          points,
          duration: seconds,
          // Who has taken all points is not asked for at Redis again before they come back.
          inMemoryBlockOnConsumed: points,
        }),
      );
      const own = memoryLimiters(spec);
      return {
        take: (key) =>
          shared.take(key).catch(() => {
            local++;
            return own.take(key);
          }),
      };
    },
    families: () => [
      {
        name: 'artel_gateway_rate_limits_local_total',
        kind: 'counter',
        help: 'Times that a rate limit was asked of this gateway alone, because Redis was away.',
        series: [{ labels: [], value: local }],
      },
    ],
  };
}
