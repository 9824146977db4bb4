import { withRequestContext } from '@artel/telemetry-service/logging';
import { extractTraceContext } from '@artel/telemetry-service/tracing';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { REQUEST_ID } from '../carriedRequest';
import type { Outbox, OutboxEntry } from '../storage/storage';
import type { GameBus } from './gameBus';

export interface OutboxRelayOptions {
  readonly outbox: Outbox;
  readonly bus: Pick<GameBus, 'publish'>;
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  /** How often it looks when nobody has called, in ms: for what other processes have left, and after a failure. */
  readonly pollMs: number;
}

export interface OutboxRelay {
  /** There is something new. */
  call(): void;
  /** Ends after what is under way. */
  close(): Promise<void>;
}

const BATCH = 50;

/** Hands the outbox to the bus, in order, for as long as the process lives; what does not arrive stays in the outbox. */
export function createOutboxRelay({ outbox, bus, logger, pollMs }: OutboxRelayOptions): OutboxRelay {
  let isCalled = true;
  let isClosed = false;
  let isFailing = false;
  let wake = () => {};

  const publish = ({ event, carried }: OutboxEntry): Promise<void> => {
    const requestId = carried[REQUEST_ID];
    const run = async () => {
      await bus.publish(event, carried);
      const fields = { event_id: event.id, event_type: event.type, session_id: String(event.sessionId) };
      logger.info(fields, 'Game event published');
    };
    return context.with(extractTraceContext(carried), () =>
      withRequestContext(requestId === undefined ? {} : { requestId }, run),
    );
  };

  const tellFailure = (error: unknown): void => {
    if (isFailing) return;
    isFailing = true;
    logger.warn({ err: error }, 'Game events wait in the outbox');
  };

  /** Answers whether there may be more at once. */
  const drain = async (): Promise<boolean> => {
    const entries = await outbox.claim(BATCH);
    const sent: number[] = [];
    let failure: { readonly error: unknown } | undefined;
    for (const entry of entries) {
      try {
        await publish(entry);
        sent.push(entry.id);
      } catch (error) {
        failure = { error };
        break;
      }
    }
    await outbox.remove(sent);
    const left = entries.map(({ id }) => id).filter((id) => !sent.includes(id));
    await outbox.release(left);
    if (failure) throw failure.error;
    if (isFailing && sent.length > 0) {
      isFailing = false;
      logger.info({}, 'Game events go out again');
    }
    return entries.length === BATCH;
  };

  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async (): Promise<void> => {
    while (!isClosed) {
      isCalled = false;
      let isMore = false;
      try {
        isMore = await drain();
      } catch (error) {
        tellFailure(error);
        // Not at once again, however often it is called.
        isCalled = false;
      }
      if (!isMore && !isCalled && !isClosed) await rest();
    }
  };
  // Looking at the outbox is nobody's request, and a trace of each look would be noise.
  const running = context.with(suppressTracing(ROOT_CONTEXT), run);

  return {
    call() {
      isCalled = true;
      if (!isFailing) wake();
    },
    async close() {
      isClosed = true;
      wake();
      await running;
    },
  };
}
