import { type FastifyInstance, fastify } from 'fastify';
import { answerNotFound, answerProblem } from './answerProblem';
import { demoRoutes } from './demoRoutes';
import { healthRoutes } from './healthRoutes';
import { sessionRoutes } from './sessionRoutes';
import type { SessionStore } from './sessionStore';

/** The game service's HTTP server, not yet listening. */
export function createServer(sessions: SessionStore): FastifyInstance {
  const app = fastify({
    bodyLimit: 16 * 1_024,
    // Fastify would turn "7" into 7 and drop unknown fields in silence; a caller learns more from a refusal.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler(answerNotFound);
  healthRoutes(app);
  sessionRoutes(app, sessions);
  demoRoutes(app);
  return app;
}
