import type { FastifyInstance } from 'fastify';
import { BALLS, type GameType, gameTypes, type Session } from './session';
import type { SessionStore } from './sessionStore';

/** Sessions in one answer of the history when the caller does not say; the schema allows up to 100. */
const HISTORY_LIMIT = 50;

const params = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', pattern: '^[0-9]{1,15}$' } },
} as const;

const createBody = {
  type: 'object',
  required: ['gameType', 'players'],
  additionalProperties: false,
  properties: {
    gameType: { type: 'string', enum: gameTypes },
    players: {
      type: 'array',
      minItems: 2,
      maxItems: 8,
      items: { type: 'string', minLength: 1, maxLength: 40, pattern: '\\S' },
    },
  },
} as const;

const potBody = {
  type: 'object',
  required: ['playerId', 'ball'],
  additionalProperties: false,
  properties: {
    playerId: { type: 'string', minLength: 1, maxLength: 8 },
    ball: { type: 'integer', minimum: 1, maximum: BALLS },
  },
} as const;

const historyQuery = {
  type: 'object',
  properties: {
    limit: { type: 'string', pattern: '^([1-9][0-9]?|100)$' },
    status: { type: 'string', enum: ['playing', 'finished'] },
  },
} as const;

interface ById {
  Params: { id: string };
}

/** `/api/game/sessions`: create, read, pot, finish, and the history. */
export function sessionRoutes(app: FastifyInstance, sessions: SessionStore) {
  app.post<{ Body: { gameType: GameType; players: string[] } }>(
    '/api/game/sessions',
    { schema: { body: createBody } },
    (request, reply) => {
      const { gameType, players } = request.body;
      return reply.code(201).send(sessions.create(gameType, players));
    },
  );

  app.get<{ Querystring: { limit?: string; status?: Session['status'] } }>(
    '/api/game/sessions',
    { schema: { querystring: historyQuery } },
    async ({ query }) => ({ sessions: sessions.list(Number(query.limit ?? HISTORY_LIMIT), query.status) }),
  );

  app.get<ById>('/api/game/sessions/:id', { schema: { params } }, async (request) =>
    sessions.get(Number(request.params.id)),
  );

  app.post<ById & { Body: { playerId: string; ball: number } }>(
    '/api/game/sessions/:id/pot',
    { schema: { params, body: potBody } },
    async (request) => sessions.pot(Number(request.params.id), request.body),
  );

  app.post<ById>('/api/game/sessions/:id/finish', { schema: { params } }, async (request) =>
    sessions.finish(Number(request.params.id)),
  );
}
