import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './problem';

/** Longest that `/api/game/slow` may take, in ms. */
const MAX_SLOW = 5_000;

const slowQuery = {
  type: 'object',
  properties: { ms: { type: 'string', pattern: '^[0-9]{1,9}$' } },
} as const;

/** Endpoints that misbehave on request, so that dashboards and alerts have something to show. */
export function demoRoutes(app: FastifyInstance) {
  app.get<{ Querystring: { ms?: string } }>(
    '/api/game/slow',
    { schema: { querystring: slowQuery } },
    async ({ query }) => {
      const ms = Number(query.ms ?? 1_000);
      if (ms > MAX_SLOW) throw new Refusal(400, `ms ${ms} must be at most ${MAX_SLOW}`, 'ms');
      await wait(ms);
      return { slept: ms };
    },
  );

  app.get('/api/game/broken', async () => {
    throw new Error('The cue broke on purpose');
  });
}
