import type { FastifyInstance } from 'fastify';
import type { StatsBook } from './storage/storage';

/** `/api/game/stats`: figures of all games, as far as their events have been counted. */
export function statsRoutes(app: FastifyInstance, stats: Pick<StatsBook, 'read'>) {
  app.get('/api/game/stats', async () => ({ stats: await stats.read() }));
}
