import { instrumentWebSocket, type WebSocketOptions } from '@artel/telemetry-service/instruments';
import { setRequestContext } from '@artel/telemetry-service/logging';
import type { AppMetrics } from '@artel/telemetry-service/metrics';
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { Games } from '../games';
import { Refusal } from '../problem';
import { sessionParams } from '../sessionParams';
import type { LiveTables } from './liveTables';

export interface LiveRoutesOptions {
  readonly games: Pick<Games, 'view'>;
  readonly tables: LiveTables;
  readonly metrics: AppMetrics;
  readonly logger: NonNullable<WebSocketOptions['logger']>;
}

/** Watchers have nothing to say. */
const MAX_PAYLOAD = 1_024;

/** `/api/game/sessions/:id/live`: a WebSocket that is sent the session at once and after each change. */
export async function liveRoutes(
  app: FastifyInstance,
  { games, tables, metrics, logger }: LiveRoutesOptions,
) {
  await app.register(websocket, {
    options: { maxPayload: MAX_PAYLOAD, perMessageDeflate: false },
    preClose(done) {
      tables.close();
      this.websocketServer.close(() => done());
    },
  });
  instrumentWebSocket(app.websocketServer, { metrics, messageTypes: ['session'], logger });

  app.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/api/game/sessions/:id/live',
    schema: { params: sessionParams },
    // A session that is not there is refused while the answer is still one of HTTP.
    preHandler: async ({ params }) => {
      setRequestContext({ sessionId: params.id });
      await games.view(Number(params.id));
    },
    handler: async () => {
      throw new Refusal(400, 'upgrade must be websocket', 'upgrade');
    },
    wsHandler(socket, { params }) {
      const id = Number(params.id);
      if (!tables.seat(id, socket)) return;
      // Seated first and read then, so that no change falls between the two.
      games.view(id).then(tables.tell, () => socket.close(1013, 'the session cannot be read now'));
    },
  });
}
