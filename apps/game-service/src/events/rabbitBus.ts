import { checkRabbitMq } from '@artel/telemetry-service/health';
import { instrumentAmqp } from '@artel/telemetry-service/instruments';
import type { AppMetrics } from '@artel/telemetry-service/metrics';
import { type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import { REQUEST_ID } from '../carriedRequest';
import { parseGameEvent } from '../gameEvent';
import { Unavailable } from '../problem';
import type { GameBus, GameEventHandler } from './gameBus';

export interface RabbitBusOptions {
  /** `amqp://user:password@host:port/vhost`. */
  readonly url: string;
  readonly handle: GameEventHandler;
  readonly metrics: AppMetrics;
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  /** Called when events may be published, again after each time that RabbitMQ was away. */
  readonly onOpen: () => void;
}

const EXCHANGE = 'game.events';
const QUEUE = 'game.stats';
/** What no consumer can read stays here, for people to look at. */
const DEAD = 'game.stats.dead';
const PREFETCH = 20;
const RETRY_MS = 500;
const CONNECT_MS = 2_000;
const CONFIRM_MS = 4_000;
/** Seconds: a connection that is silent for two of them is given up. */
const HEARTBEAT = 5;

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}

function withHeartbeat(address: string): string {
  const url = new URL(address);
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(HEARTBEAT));
  return url.href;
}

/**
 * Events by way of RabbitMQ: a durable topic exchange, a durable queue for the figures, publisher confirms, manual
 * acknowledgement. It connects by itself, and again whenever the connection breaks.
 */
export function createRabbitBus({ url, handle, metrics, logger, onOpen }: RabbitBusOptions): GameBus {
  let connection: ChannelModel | undefined;
  let channel: ConfirmChannel | undefined;
  let isClosed = false;
  let wasAway = false;

  const take = async (from: ConfirmChannel, message: ConsumeMessage): Promise<void> => {
    const event = parseGameEvent(parse(message.content));
    if (!event) {
      logger.warn({ queue: QUEUE }, 'A message that is no game event goes to the dead letters');
      from.nack(message, false, false);
      return;
    }
    const requestId: unknown = message.properties.headers?.[REQUEST_ID];
    try {
      await handle(event, typeof requestId === 'string' ? requestId : undefined);
    } catch (error) {
      logger.warn({ err: error, event_id: event.id }, 'A game event could not be counted, and comes again');
      await later(RETRY_MS);
      if (from === channel) from.nack(message, false, true);
      return;
    }
    // Of a channel that has gone the message comes again, and is known by its id.
    if (from === channel) from.ack(message);
  };

  const prepare = async (made: ChannelModel): Promise<ConfirmChannel> => {
    const opened = await made.createConfirmChannel();
    opened.on('error', () => {});
    instrumentAmqp(opened, { metrics });
    await opened.assertExchange(EXCHANGE, 'topic', { durable: true });
    await opened.assertQueue(DEAD, { durable: true });
    await opened.assertQueue(QUEUE, {
      durable: true,
      deadLetterExchange: '',
      deadLetterRoutingKey: DEAD,
    });
    await opened.bindQueue(QUEUE, EXCHANGE, '#');
    await opened.prefetch(PREFETCH);
    return opened;
  };

  const open = async (): Promise<void> => {
    const made = await connect(withHeartbeat(url), { timeout: CONNECT_MS });
    made.on('error', () => {});
    const gone = () => {
      if (connection !== made) return;
      connection = undefined;
      channel = undefined;
      void run();
    };
    try {
      const opened = await prepare(made);
      connection = made;
      channel = opened;
      // A channel that the broker closes takes the connection with it: one way to begin anew.
      opened.on('close', () => void made.close().catch(() => {}));
      made.on('close', gone);
      await opened.consume(QUEUE, (message) => (message ? take(opened, message) : made.close()));
    } catch (error) {
      connection = undefined;
      channel = undefined;
      await made.close().catch(() => {});
      throw error;
    }
  };

  const run = async (): Promise<void> => {
    while (!isClosed) {
      try {
        await open();
        if (wasAway) logger.info({}, 'RabbitMQ is back');
        wasAway = false;
        onOpen();
        return;
      } catch (error) {
        if (!wasAway) logger.warn({ err: error }, 'RabbitMQ does not answer: game events wait in the outbox');
        wasAway = true;
        await later(RETRY_MS);
      }
    }
  };
  void run();

  return {
    publish(event, carried) {
      const open = channel;
      if (!open) return Promise.reject(new Unavailable('RabbitMQ does not answer'));
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Unavailable(`RabbitMQ has not confirmed an event within ${CONFIRM_MS} ms`)),
          CONFIRM_MS,
        );
        const settle = (error: unknown) => {
          clearTimeout(timer);
          if (error) reject(new Unavailable('RabbitMQ has not taken an event', error));
          else resolve();
        };
        const requestId = carried[REQUEST_ID];
        try {
          open.publish(
            EXCHANGE,
            event.type,
            Buffer.from(JSON.stringify(event)),
            {
              persistent: true,
              messageId: event.id,
              contentType: 'application/json',
              headers: requestId === undefined ? {} : { [REQUEST_ID]: requestId },
            },
            settle,
          );
        } catch (error) {
          settle(error);
        }
      });
    },
    health: checkRabbitMq(() => connection, { critical: false, timeoutMs: CONNECT_MS }),
    async close() {
      isClosed = true;
      await connection?.close().catch(() => {});
    },
  };
}
