import { createRedisCache } from './cache/redisCache';
import { createRedisPresence } from './presence/redisPresence';
import { createRedisDoor, type RedisDoorOptions } from './redisDoor';

export { createRedisStore } from '@artel/telemetry-service/security';
export { createRedisClient } from './redisDoor';

/** All that the service has in Redis. */
export function openRedis(options: RedisDoorOptions) {
  const door = createRedisDoor(options);
  return { door, cache: createRedisCache(door), presence: createRedisPresence(door) };
}
