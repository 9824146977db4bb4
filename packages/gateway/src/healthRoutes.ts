import type { FastifyInstance } from 'fastify';
import type { Health } from './health';
import { unavailable } from './problem';

/** Adds `/health`, `/health/live` and `/health/ready`. */
export function registerHealthRoutes(app: FastifyInstance, health: Pick<Health, 'report'>): void {
  app.get('/health', async (_request, reply) => {
    const report = await health.report();
    return reply.code(report.status === 'ok' ? 200 : 503).send(report);
  });
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async () => {
    const { status, checks } = await health.report();
    if (status === 'ok') return { status };
    const failed = Object.entries(checks).flatMap(([name, { status: one, detail }]) =>
      one === 'failed' ? [`${name}: ${detail}`] : [],
    );
    throw unavailable(failed.join('; '));
  });
}
