import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { HealthMonitor } from './healthMonitor';

/** What {@link healthRoutes} is registered with. */
export interface HealthRoutesOptions {
  readonly monitor: Pick<HealthMonitor, 'runAllChecks' | 'readiness' | 'startDraining'>;
  /** Stands before the three routes; `/health` if left out. */
  readonly path?: string;
}

/**
 * A Fastify plugin: `/health` shows every check (503 when unhealthy), `/health/live` answers while the process does,
 * `/health/ready` is 503 while a critical check is unhealthy (`failed_checks`) and from the moment that the app begins to close;
 * others that are unhealthy it names (`degraded_checks`). Nothing of
 * an error's text or of an address is shown.
 */
export const healthRoutes = fastifyPlugin(
  async (app: FastifyInstance, { monitor, path = '/health' }: HealthRoutesOptions) => {
    const quiet: RouteShorthandOptions = {
      logLevel: 'warn',
      onRequest(_request, reply, done) {
        reply.header('Cache-Control', 'no-store');
        done();
      },
    };
    app.addHook('preClose', async () => monitor.startDraining());

    app.get(path, quiet, async (_request, reply) => {
      const report = await monitor.runAllChecks();
      return reply.code(report.status === 'unhealthy' ? 503 : 200).send(report);
    });
    app.get(`${path}/live`, quiet, async () => ({ status: 'alive', timestamp: new Date().toISOString() }));
    app.get(`${path}/ready`, quiet, async (_request, reply) => {
      const { ready, failed, degraded, draining } = await monitor.readiness();
      const timestamp = new Date().toISOString();
      const less = degraded.length > 0 ? { degraded_checks: degraded } : {};
      if (ready) return { status: 'ready', ...less, timestamp };
      reply.code(503);
      return draining
        ? { status: 'draining', timestamp }
        : { status: 'not_ready', failed_checks: failed, ...less, timestamp };
    });
  },
  { name: '@artel/telemetry-service/health', fastify: '5.x' },
);
