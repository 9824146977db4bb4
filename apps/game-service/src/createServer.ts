import type { Service } from '@artel/telemetry-service';
import { type FastifyInstance, fastify } from 'fastify';
import { answerNotFound, answerProblem } from './answerProblem';
import { demoRoutes } from './demoRoutes';
import type { Games } from './games';
import { liveRoutes } from './live/liveRoutes';
import type { LiveTables } from './live/liveTables';
import type { Presence } from './presence/presence';
import { presenceRoutes } from './presence/presenceRoutes';
import { sessionRoutes } from './sessionRoutes';
import { signInRoutes } from './signIn/signInRoutes';
import { statsRoutes } from './statsRoutes';
import type { StatsBook } from './storage/storage';

export interface ServerParts {
  readonly service: Service;
  readonly games: Games;
  readonly stats: Pick<StatsBook, 'read'>;
  readonly presence: Presence;
  readonly tables: LiveTables;
  readonly botToken: string | undefined;
  readonly trustProxy: string;
  /** Unix time in ms. */
  readonly now: () => number;
}

/** The game service's HTTP server, not yet listening. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { service, games, stats, presence, tables, botToken, trustProxy, now } = parts;
  const app = fastify({
    ...service.fastify,
    bodyLimit: 16 * 1_024,
    trustProxy,
    // Fastify would turn "7" into 7 and drop unknown fields in silence; a caller learns more from a refusal.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler(answerNotFound);
  await app.register(service.plugin);
  await liveRoutes(app, { games, tables, metrics: service.metrics, logger: service.logger });
  signInRoutes(app, { botToken, security: service.security, now });
  sessionRoutes(app, games, presence);
  presenceRoutes(app, games, presence);
  statsRoutes(app, stats);
  demoRoutes(app);
  return app;
}
