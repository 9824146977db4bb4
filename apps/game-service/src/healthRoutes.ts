import type { FastifyInstance } from 'fastify';

/** `/health`, `/health/live` and `/health/ready`. With everything in memory, a service that answers is ready. */
export function healthRoutes(app: FastifyInstance) {
  const startedAt = performance.now();
  app.get('/health', async () => ({
    status: 'ok',
    service: 'game-service',
    uptimeSeconds: Math.round((performance.now() - startedAt) / 1_000),
  }));
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async () => ({ status: 'ok' }));
}
