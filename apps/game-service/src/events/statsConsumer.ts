import { withRequestContext } from '@artel/telemetry-service/logging';
import type { StatsBook } from '../storage/storage';
import type { GameEventHandler } from './gameBus';

export interface StatsConsumerOptions {
  readonly stats: Pick<StatsBook, 'count'>;
  readonly logger: { info(fields: object, message: string): void };
}

/** Counts each event once into the figures, with a line in the request's own trace. */
export function createStatsConsumer({ stats, logger }: StatsConsumerOptions): GameEventHandler {
  return (event, requestId) =>
    withRequestContext(requestId === undefined ? {} : { requestId }, async () => {
      const isNew = await stats.count(event);
      const fields = { event_id: event.id, event_type: event.type, session_id: String(event.sessionId) };
      logger.info(fields, isNew ? 'Game event counted' : 'Game event was counted already');
    });
}
