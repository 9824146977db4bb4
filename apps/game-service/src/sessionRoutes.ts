import type { FastifyInstance } from 'fastify';
import type { Games } from './games';
import type { Presence } from './presence/presence';
import { BALLS, type GameType, gameTypes, type Session } from './session';
import { sessionParams as params } from './sessionParams';

/** Sessions in one answer of the history when the caller does not say; the schema allows up to 100. */
const HISTORY_LIMIT = 50;

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

/** A client's own id of a command, under which it may be sent again. */
const headers = {
  type: 'object',
  properties: { 'idempotency-key': { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$' } },
} as const;

interface Keyed {
  Headers: { 'idempotency-key'?: string };
}

interface ById extends Keyed {
  Params: { id: string };
}

/** `/api/game/sessions`: create, read, pot, finish, and the history. */
export function sessionRoutes(app: FastifyInstance, games: Games, presence: Pick<Presence, 'see'>) {
  app.post<Keyed & { Body: { gameType: GameType; players: string[] } }>(
    '/api/game/sessions',
    { schema: { headers, body: createBody } },
    async (request, reply) => {
      const { gameType, players } = request.body;
      reply.code(201);
      return games.create(gameType, players, request.headers['idempotency-key']);
    },
  );

  app.get<{ Querystring: { limit?: string; status?: Session['status'] } }>(
    '/api/game/sessions',
    { schema: { querystring: historyQuery } },
    async ({ query }) => ({
      sessions: await games.list(Number(query.limit ?? HISTORY_LIMIT), query.status),
    }),
  );

  app.get<ById>('/api/game/sessions/:id', { schema: { params } }, async (request) =>
    games.get(Number(request.params.id)),
  );

  app.post<ById & { Body: { playerId: string; ball: number } }>(
    '/api/game/sessions/:id/pot',
    { schema: { params, headers, body: potBody } },
    async (request) => {
      const id = Number(request.params.id);
      const session = await games.pot(id, request.body, request.headers['idempotency-key']);
      // Who pots is there; nobody waits for that to be noted.
      void presence.see(id, request.body.playerId);
      return session;
    },
  );

  app.post<ById>('/api/game/sessions/:id/finish', { schema: { params, headers } }, async (request) =>
    games.finish(Number(request.params.id), request.headers['idempotency-key']),
  );
}
