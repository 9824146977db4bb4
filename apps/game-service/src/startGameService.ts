import { createService, type ServiceOptions } from '@artel/telemetry-service';
import { checkDisk, checkEventLoop, checkMemory } from '@artel/telemetry-service/health';
import { logSlowQueries } from '@artel/telemetry-service/instruments';
import type { FastifyInstance } from 'fastify';
import packageJson from '../package.json' with { type: 'json' };
import { createMemoryCache } from './cache/memoryCache';
import { noCache } from './cache/sessionCache';
import { createServer } from './createServer';
import type { GameBus } from './events/gameBus';
import { createLocalBus } from './events/localBus';
import { createOutboxRelay, type OutboxRelay } from './events/outboxRelay';
import { createStatsConsumer } from './events/statsConsumer';
import { createGames } from './games';
import { createLiveTables } from './live/liveTables';
import { createMemoryPresence } from './presence/memoryPresence';
import type { Config } from './readConfig';
import { signInFailures } from './signIn/signInRoutes';
import { openStorage } from './storage/openStorage';

const SWEEP_MS = 3_600_000;
const POLL_MS = 1_000;
const CLOSE_MS = 4_000;
const CHECK_MS = 2_000;

export interface GameService {
  readonly app: FastifyInstance;
  /** Which servers it does without, and how; nothing where it has them all. */
  readonly notice: string | undefined;
}

function noticeOf({ databaseUrl, redisUrl, amqpUrl }: Config, place: string): string | undefined {
  const without = [
    ...(databaseUrl ? [] : ['DATABASE_URL']),
    ...(redisUrl ? [] : ['REDIS_URL']),
    ...(amqpUrl ? [] : ['AMQP_URL']),
  ];
  if (without.length === 0) return undefined;
  const inside = [...(redisUrl ? [] : ['presence and cache']), ...(amqpUrl ? [] : ['events'])];
  const rest = inside.length === 0 ? '' : `; ${inside.join(' and ')} stay in this process`;
  return `${without.join(', ')} not set: ${place}${rest}`;
}

/** Makes the whole service out of what the settings name, not yet listening. Closing the app closes all of it. */
export async function startGameService(
  config: Config,
  options: Pick<ServiceOptions, 'env' | 'logging' | 'tracing' | 'signals' | 'secret'> = {},
): Promise<GameService> {
  // What it does without is not loaded either: that is half of the start.
  const redisRoom = config.redisUrl === undefined ? undefined : await import('./redisRoom');
  const redisClient = redisRoom?.createRedisClient(config.redisUrl ?? '');
  const service = await createService({
    ...options,
    name: 'game-service',
    version: packageJson.version,
    closeTimeout: CLOSE_MS,
    security: {
      failureReasons: signInFailures,
      ...(redisRoom &&
        redisClient && {
          store: redisRoom.createRedisStore({
            client: redisClient,
            logger: {
              info: (fields, message) => service.logger.info(fields, message),
              warn: (fields, message) => service.logger.warn(fields, message),
            },
          }),
        }),
    },
  });
  const { logger, metrics, health } = service;
  logSlowQueries(metrics, {
    logger,
    ...(config.slowQueryMs === undefined ? {} : { slowMs: config.slowQueryMs }),
  });
  const { storage, place, isOwn } = await openStorage(config, metrics);
  const redis = redisRoom && redisClient && redisRoom.openRedis({ client: redisClient, metrics, logger });

  let relay: OutboxRelay | undefined;
  const handle = createStatsConsumer({ stats: storage.stats, logger });
  const makeBus = async (url: string | undefined): Promise<GameBus> => {
    if (url === undefined) return createLocalBus(handle);
    const { createRabbitBus } = await import('./events/rabbitBus');
    return createRabbitBus({ url, handle, metrics, logger, onOpen: () => relay?.call() });
  };
  const bus = await makeBus(config.amqpUrl);
  relay = createOutboxRelay({ outbox: storage.outbox, bus, logger, pollMs: POLL_MS });
  const sweep = setInterval(() => {
    storage.sweep().catch((error: unknown) => logger.warn({ err: error }, 'Old keys could not be removed'));
  }, SWEEP_MS);
  sweep.unref();

  const tables = createLiveTables({ maxWatchers: 1_000, maxPerSession: 100, pingMs: 30_000 });
  const ownCache = isOwn ? createMemoryCache(metrics) : noCache;
  const games = createGames({
    store: storage.games,
    cache: redis?.cache ?? ownCache,
    metrics,
    events: service.events,
    now: Date.now,
    onChange(view) {
      tables.tell(view);
      relay?.call();
    },
  });

  const isOnDisk = config.dataDir !== undefined && isOwn && config.storage === 'database';
  for (const check of [
    ...[storage.health, redis?.door.health, bus.health],
    checkMemory({ critical: false }),
    checkEventLoop(),
    isOnDisk ? checkDisk(config.dataDir ?? '.', { critical: false, timeoutMs: CHECK_MS }) : undefined,
  ]) {
    if (check) health.addCheck(check);
  }

  const app = await createServer({
    service,
    games,
    stats: storage.stats,
    presence: redis?.presence ?? createMemoryPresence(),
    tables,
    botToken: config.botToken,
    trustProxy: config.trustProxy,
    now: Date.now,
  });
  // Behind the server, which has answered its last request by then, and before the log and the traces.
  app.addHook('onClose', async () => {
    clearInterval(sweep);
    tables.close();
    await relay?.close();
    await bus.close();
    redis?.door.close();
    await storage.close();
  });
  return { app, notice: noticeOf(config, place) };
}
