import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { ExposedFamily } from '../exposition';
import { type LimiterFactory, limiterOver, memoryLimiters } from '../limits/limiter';
import type { SharedLedger } from './sharedLedger';

/**
 * What the library's own script does, for many keys: counts points within a window that begins with a key's first. `ARGV` holds
 * for each key how many points, and how many seconds the window has; the answer how many it has now, and for how many ms.
 */
export const takeScript = `
local answers = {}
for at, key in ipairs(KEYS) do
  redis.call('SET', key, 0, 'EX', ARGV[2 * at], 'NX')
  answers[2 * at - 1] = redis.call('INCRBY', key, ARGV[2 * at - 1])
  answers[2 * at] = redis.call('PTTL', key)
end
return answers
`;

/** Limits that hold over all gateways together, and over each of them alone while Redis is away. */
export interface SharedLimiters {
  readonly limiters: LimiterFactory;
  families(): ExposedFamily[];
}

/** What the library asks of a client, and what it is answered: points, and ms. */
interface Evaluation {
  readonly keys: readonly string[];
  readonly arguments: readonly string[];
}
type Taken = readonly [consumed: number, leftMs: number];

interface Taking {
  readonly key: string;
  readonly values: readonly string[];
  readonly resolve: (taken: Taken) => void;
  readonly reject: (error: unknown) => void;
}

/** The most takings of one call, as with claims. */
const MAX_TAKINGS = 500;

/** A client for the library that sends what is asked in one turn of the event loop as one call. */
function createTaker(ledger: Pick<SharedLedger, 'partOf' | 'run'>) {
  const waiting = new Map<number, Taking[]>();

  const send = async (part: number, takings: readonly Taking[]): Promise<void> => {
    try {
      const values = takings.flatMap((taking) => taking.values);
      const answer = await ledger.run(
        part,
        takeScript,
        takings.map(({ key }) => key),
        values,
      );
      if (!Array.isArray(answer)) throw new TypeError('Redis gave no list of points');
      for (const [at, { resolve }] of takings.entries()) {
        resolve([Number(answer[2 * at]), Number(answer[2 * at + 1])]);
      }
    } catch (error) {
      for (const { reject } of takings) reject(error);
    }
  };
  const flush = (): void => {
    const groups = [...waiting];
    waiting.clear();
    for (const [part, takings] of groups) {
      for (let from = 0; from < takings.length; from += MAX_TAKINGS) {
        void send(part, takings.slice(from, from + MAX_TAKINGS));
      }
    }
  };

  return {
    eval: (_script: string, { keys, arguments: values }: Evaluation): Promise<Taken> =>
      new Promise((resolve, reject) => {
        const [key = ''] = keys;
        const part = ledger.partOf(key);
        if (waiting.size === 0) setImmediate(flush);
        const takings = waiting.get(part) ?? [];
        waiting.set(part, takings);
        // The library gives the limit too, which the script has no use for.
        takings.push({ key, values: values.slice(0, 2), resolve, reject });
      }),
  };
}

export function createSharedLimiters(
  ledger: Pick<SharedLedger, 'partOf' | 'run'>,
  prefix: string,
): SharedLimiters {
  let local = 0;
  const storeClient = createTaker(ledger);

  return {
    limiters(spec) {
      const { scope, points, seconds } = spec;
      const shared = limiterOver(
        new RateLimiterRedis({
          storeClient,
          useRedisPackage: true,
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
