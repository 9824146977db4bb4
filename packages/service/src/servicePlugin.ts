import type { FastifyPluginAsync } from 'fastify';
import fp from 'fastify-plugin';
import type { HealthRoutesOptions } from './health';
import type { RequestLoggingOptions } from './logging';
import type { HttpMetricsOptions } from './metrics';
import type { SecurityPluginOptions } from './security';
import type { HttpTracingOptions } from './tracing';

interface Part<Options extends object> {
  readonly plugin: FastifyPluginAsync<Options>;
  readonly options: Options;
}

export interface ServicePluginOptions {
  readonly tracing: FastifyPluginAsync<HttpTracingOptions> | undefined;
  readonly errors: FastifyPluginAsync | undefined;
  readonly logging: Part<RequestLoggingOptions>;
  readonly metrics: Part<HttpMetricsOptions>;
  readonly security: Part<SecurityPluginOptions>;
  readonly health: Part<HealthRoutesOptions>;
  readonly quietRoutes: readonly string[] | undefined;
  readonly close: () => Promise<unknown>;
  /** Closes the app at a signal; answers how to stop listening. */
  readonly listen: (closeApp: () => Promise<void>) => () => void;
}

/**
 * Registers the plugins of the rooms in their one right order: the span first, so that all behind it stand within it; then
 * the errors, so that they are captured with their request before its line tells of them; then the request's context and
 * lines; then what counts, so that what security refuses is counted; the routes of health behind all.
 */
export function createServicePlugin(options: ServicePluginOptions): FastifyPluginAsync {
  const { tracing, errors, logging, metrics, security, health } = options;
  const quiet = options.quietRoutes ? { quietRoutes: options.quietRoutes } : {};
  return fp(
    async (app) => {
      if (tracing) await app.register(tracing, quiet);
      if (errors) await app.register(errors);
      await app.register(logging.plugin, { ...logging.options, ...quiet });
      await app.register(metrics.plugin, metrics.options);
      await app.register(security.plugin, security.options);
      await app.register(health.plugin, health.options);
      const stop = options.listen(() => app.close());
      let idle: NodeJS.Timeout | undefined;
      // Node closes the connections that are idle when a server closes, and waits for the clients of all others to go.
      app.addHook('preClose', async () => {
        idle = setInterval(() => app.server.closeIdleConnections(), 50);
      });
      app.addHook('onClose', async () => {
        clearInterval(idle);
        stop();
        await options.close();
      });
    },
    { name: 'artel-service', fastify: '>=5' },
  );
}
