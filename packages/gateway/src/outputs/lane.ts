import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../clock';
import { gather } from './gather';
import type { Verdict } from './post';
import type { Cursors, QueueEntry, QueueReader } from './queueReader';
import type { RecordOutput } from './recordOutput';
import { retryDelay } from './retryDelay';
import type { Wait } from './wait';

export type OutputLogger = Pick<FastifyBaseLogger, 'warn' | 'info' | 'error'>;

export interface LaneOptions {
  readonly output: RecordOutput;
  readonly queue: QueueReader;
  readonly cursors: Cursors;
  readonly clock: Clock;
  readonly random: () => number;
  readonly wait: Wait;
  readonly logger: OutputLogger;
}

/** How an output is doing, counted from the start of the process. */
export interface LaneReport {
  readonly output: string;
  readonly signal: string;
  /** Records from its cursor to the end of the queue, those that are not for it among them. */
  readonly records: number;
  /** How long ago the first of them arrived, in seconds; 0 when there is none. */
  readonly seconds: number;
  /** Records that the end has taken. */
  readonly sent: number;
  /** Requests that came to nothing and are tried again. */
  readonly failures: number;
  /** Records given up, by reason. */
  readonly dropped: ReadonlyMap<string, number>;
  /** What the end said last, while it takes nothing. */
  readonly trouble?: string;
}

/** The loop that empties the queue into one output. */
export interface Lane {
  start(): void;
  /** Says that there may be something new. */
  nudge(): void;
  /** Ends the loop; a request that is under way gets `graceMs` to be answered. */
  close(graceMs: number): Promise<void>;
  /** The key before which nothing is needed any more, on the disk. */
  passed(): number;
  report(): LaneReport;
}

/** An end that refuses so many records in a row, each alone, is more likely to be set up wrongly than to be right. */
const SUSPICIOUS_REFUSALS = 20;
/** How often a record is offered to an end of which nobody knows whether it takes anything. */
const DOUBTFUL_TRIES = 5;

const MINUTE_MS = 60_000;

/**
 * Makes the lane of one output: batches in the order of the queue, one request at a time, each sent until the end has
 * taken or refused it. A refused batch is halved until the record that is wrong stands alone, and that one is dropped.
 * Loki refuses a whole request for one line and keeps the others of it: they come again in a half, with the same time
 * and the same text, which Loki knows for duplicates.
 *
 * The cursor goes to the disk after each answer, so a restart sends again what was under way, and nothing else.
 */
export function createLane({ output, queue, cursors, clock, random, wait, logger }: LaneOptions): Lane {
  const closing = new AbortController();
  const cutting = new AbortController();
  // From 0 for each reason, so that `rate()` sees the first of each.
  const reasons = [
    'queue_full',
    'refused',
    'rejected',
    'too_large',
    ...(output.hopeless ? [output.hopeless.reason] : []),
  ];
  const dropped = new Map(reasons.map((reason) => [reason, 0]));
  const place = { output: output.name, signal: output.signal };
  let cursor = cursors.get(output.id) ?? queue.ends().first;
  let kept = cursor;
  let sent = 0;
  let failures = 0;
  let failuresInARow = 0;
  let refusalsInARow = 0;
  let tookAny = false;
  let trouble: string | undefined;
  let droppedLogged = Number.NEGATIVE_INFINITY;
  let wake: () => void = () => undefined;
  let running: Promise<void> | undefined;

  const isClosing = (): boolean => closing.signal.aborted;

  const drop = (reason: string, records: number, message: string): void => {
    if (records === 0) return;
    dropped.set(reason, (dropped.get(reason) ?? 0) + records);
    if (clock.elapsed() < droppedLogged + MINUTE_MS) return;
    droppedLogged = clock.elapsed();
    logger.error({ ...place, reason, records, message }, 'output dropped records');
  };

  const failed = async (message: string, atLeastMs: number): Promise<void> => {
    failures++;
    failuresInARow++;
    trouble = message;
    if (failuresInARow === 1) logger.warn({ ...place, message }, 'output takes nothing');
    await wait(Math.max(retryDelay(failuresInARow, random), atLeastMs), closing.signal);
  };

  const accepted = (records: number): void => {
    if (failuresInARow > 0) logger.info({ ...place, failures: failuresInARow }, 'output takes records again');
    sent += records;
    failuresInARow = 0;
    refusalsInARow = 0;
    tookAny = true;
    trouble = undefined;
  };

  const moveTo = async (next: number): Promise<void> => {
    cursor = next;
    try {
      await cursors.move(output.id, next);
      kept = next;
    } catch (error) {
      // The next move makes up for it; a restart before that sends twice what the end has already.
      logger.error({ ...place, err: error }, 'cursor of an output could not be written');
    }
  };

  const send = async (entries: readonly QueueEntry[]): Promise<Verdict> => {
    let body: Uint8Array;
    try {
      body = output.encode(entries);
    } catch (error) {
      return {
        kind: 'refused',
        reason: 'refused',
        message: error instanceof Error ? error.message : String(error),
      };
    }
    return output.post(body, cutting.signal);
  };

  /** Whether a record that an end has refused alone is offered again, for the end may be what is wrong. */
  const isDoubtful = (tries: number): boolean =>
    (!tookAny || refusalsInARow >= SUSPICIOUS_REFUSALS) && tries < DOUBTFUL_TRIES;

  const deliver = async (batch: readonly QueueEntry[], next: number): Promise<void> => {
    let parts: (readonly QueueEntry[])[] = [batch];
    let tries = 0;
    const settle = async (): Promise<void> => {
      parts = parts.slice(1);
      tries = 0;
      await moveTo(parts[0]?.[0]?.key ?? next);
    };
    while (!isClosing()) {
      const [part] = parts;
      if (!part) return;
      const verdict = await send(part);
      if (verdict.kind === 'accepted') {
        const rejected = Math.min(Math.max(verdict.rejected, 0), part.length);
        accepted(part.length - rejected);
        drop('rejected', rejected, verdict.message);
        await settle();
      } else if (verdict.kind === 'failed') {
        if (!cutting.signal.aborted) await failed(verdict.message, verdict.retryAfterMs);
      } else if (part.length > 1) {
        const middle = Math.ceil(part.length / 2);
        parts = [part.slice(0, middle), part.slice(middle), ...parts.slice(1)];
      } else if (isDoubtful(++tries)) {
        await failed(verdict.message, 0);
      } else {
        refusalsInARow++;
        drop(verdict.reason, 1, verdict.message);
        await settle();
      }
    }
  };

  const idle = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });

  const turn = async (): Promise<void> => {
    if (cursor >= queue.ends().next) {
      await idle();
      // Others are about to come; under load the batches are full already and nothing waits.
      if (queue.ends().next - cursor < output.batch.records) await wait(output.batch.waitMs, closing.signal);
      return;
    }
    const { entries, next, lost, hopeless, full } = gather(queue, output, cursor, clock.now());
    drop('queue_full', lost, 'they were taken out of the full queue');
    drop(output.hopeless?.reason ?? '', hopeless, 'the end would refuse them');
    if (entries.length > 0) await deliver(entries, next);
    else await moveTo(next);
    if (!full && queue.ends().next > cursor) await wait(output.batch.waitMs, closing.signal);
    // Between two long looks around that found nothing, the event loop gets its turn.
    else if (entries.length === 0) await new Promise((resolve) => setImmediate(resolve));
  };

  const run = async (): Promise<void> => {
    while (!isClosing()) {
      try {
        await turn();
      } catch (error) {
        logger.error({ ...place, err: error }, 'queue could not be read');
        await failed('the queue could not be read', 0);
      }
    }
  };

  return {
    start() {
      running ??= run();
    },
    nudge: () => wake(),
    async close(graceMs) {
      closing.abort();
      wake();
      const cut = setTimeout(() => cutting.abort(), graceMs);
      await running;
      clearTimeout(cut);
    },
    passed: () => kept,
    report() {
      const { first, next } = queue.ends();
      const from = Math.max(cursor, first);
      const [oldest] = next > from ? queue.read(from, 1) : [];
      return {
        ...place,
        records: Math.max(0, next - from),
        seconds: oldest ? Math.max(0, clock.now() - oldest.record.received) / 1_000 : 0,
        sent,
        failures,
        dropped,
        ...(trouble === undefined ? {} : { trouble }),
      };
    },
  };
}
