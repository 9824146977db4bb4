import type { FastifyBaseLogger } from 'fastify';
import type { FastifyOptions } from './serviceOptions';

/** What an app hands to `Fastify()`. A service without Fastify needs none of it, and so no Fastify either. */
export async function createFastifyOptions(loggerInstance: FastifyBaseLogger): Promise<FastifyOptions> {
  const fastify = await import('fastify').catch(() => undefined);
  if (fastify?.LogController === undefined) return { loggerInstance, disableRequestLogging: true };
  return { loggerInstance, logController: new fastify.LogController({ disableRequestLogging: true }) };
}
