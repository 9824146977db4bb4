import type { RedisDoor } from '../redisDoor';
import type { SessionCache, SessionView } from './sessionCache';

/** How long a view is kept: what a process that died between the database and Redis left stale is wrong for no longer. */
const SECONDS = 10;
const MOST_STALE = 10_000;

/** Two processes may write at once, and who read the database first may come last. */
const PUT = `
local known = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if known > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'view', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`;

const keyOf = (id: number) => `game:session:${id}`;

function parseView(text: string): SessionView | undefined {
  try {
    // Written by `put` alone, under a key of its own.
    return JSON.parse(text) as SessionView;
  } catch {
    return undefined;
  }
}

/** Views in Redis, which all processes share; without Redis each question goes to the database. */
export function createRedisCache(redis: Pick<RedisDoor, 'ask'>): SessionCache {
  // Changed while Redis did not answer: what it has of them is old.
  const stale = new Set<number>();
  return {
    async get(id) {
      if (stale.has(id)) return undefined;
      const text = await redis.ask((client) => client.hGet(keyOf(id), 'view'));
      return typeof text === 'string' ? parseView(text) : undefined;
    },
    async put(view) {
      const { id } = view.session;
      const done = await redis.ask((client) =>
        client.eval(PUT, {
          keys: [keyOf(id)],
          arguments: [String(view.version), JSON.stringify(view), String(SECONDS)],
        }),
      );
      if (done === undefined) stale.add(id);
      else stale.delete(id);
      if (stale.size > MOST_STALE) stale.clear();
    },
  };
}
