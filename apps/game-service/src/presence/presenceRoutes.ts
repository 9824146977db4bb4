import type { FastifyInstance } from 'fastify';
import type { Games } from '../games';
import { Refusal, Unavailable } from '../problem';
import { sessionParams } from '../sessionParams';
import { PRESENCE_SECONDS, type Presence } from './presence';

const body = {
  type: 'object',
  required: ['playerId'],
  additionalProperties: false,
  properties: { playerId: { type: 'string', minLength: 1, maxLength: 8 } },
} as const;

/** `/api/game/sessions/:id/presence`: who is at the table, and a player's word to be there. */
export function presenceRoutes(app: FastifyInstance, games: Pick<Games, 'get'>, presence: Presence) {
  const url = '/api/game/sessions/:id/presence';

  app.get<{ Params: { id: string } }>(url, { schema: { params: sessionParams } }, async ({ params }) => {
    const online = await presence.online(Number(params.id));
    if (!online) throw new Unavailable('Redis does not answer: who is online is not known for now');
    return { online, seconds: PRESENCE_SECONDS };
  });

  app.post<{ Params: { id: string }; Body: { playerId: string } }>(
    url,
    { schema: { params: sessionParams, body } },
    async ({ params, body: { playerId } }) => {
      const id = Number(params.id);
      const ids = (await games.get(id)).players.map((player) => player.id);
      if (!ids.includes(playerId))
        throw new Refusal(400, `playerId must be one of ${ids.join(', ')}`, 'playerId');
      await presence.see(id, playerId);
      const online = await presence.online(id);
      if (!online) throw new Unavailable('Redis does not answer: who is online is not known for now');
      return { online, seconds: PRESENCE_SECONDS };
    },
  );
}
