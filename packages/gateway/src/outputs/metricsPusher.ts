import type { Clock } from '../clock';
import type { ExposedFamily } from '../exposition';
import type { OutputLogger } from './lane';
import type { Post } from './post';
import { retryDelay } from './retryDelay';
import type { Wait } from './wait';

export interface MetricsBody {
  readonly body: Uint8Array;
  readonly series: number;
}

/** A way out for the series: an end that takes snapshots of all of them. */
export interface MetricsOutput {
  readonly name: string;
  readonly intervalMs: number;
  /** The bodies of one snapshot, with how many series each has; each is made when it is asked for. */
  encode(families: Iterable<ExposedFamily>, now: number): Iterable<MetricsBody>;
  readonly post: Post;
}

export interface MetricsPusherOptions {
  readonly output: MetricsOutput;
  /** The series as they are now. */
  readonly source: () => Iterable<ExposedFamily>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly wait: Wait;
  readonly logger: OutputLogger;
}

export interface PusherReport {
  readonly output: string;
  /** Since the last snapshot that was taken whole, in seconds; since the start where there is none. */
  readonly seconds: number;
  /** Series that the end has taken, once for each snapshot. */
  readonly sent: number;
  readonly failures: number;
  readonly dropped: ReadonlyMap<string, number>;
  readonly trouble?: string;
}

export interface MetricsPusher {
  start(): void;
  /** Pushes once more what has been counted last, for at most `graceMs`. */
  close(graceMs: number): Promise<void>;
  report(): PusherReport;
}

/**
 * Makes the pusher of one output. The series are running totals, so a snapshot that did not get through is not kept:
 * the next one says all that it said.
 */
export function createMetricsPusher(options: MetricsPusherOptions): MetricsPusher {
  const { output, source, clock, random, wait, logger } = options;
  const closing = new AbortController();
  const cutting = new AbortController();
  const dropped = new Map(['refused', 'rejected', 'too_large'].map((reason) => [reason, 0]));
  const place = { output: output.name, signal: 'metrics' };
  let last = clock.elapsed();
  let sent = 0;
  let failures = 0;
  let failuresInARow = 0;
  let trouble: string | undefined;
  let running: Promise<void> | undefined;

  const stumble = (message: string): void => {
    failures++;
    failuresInARow++;
    trouble = message;
    if (failuresInARow === 1) logger.warn({ ...place, message }, 'output takes nothing');
  };

  /** Pushes one snapshot. Answers how long to wait for the next one. */
  const push = async (): Promise<number> => {
    let whole = true;
    for (const { body, series } of output.encode(source(), clock.now())) {
      const verdict = await output.post(body, cutting.signal);
      if (verdict.kind === 'failed') {
        stumble(verdict.message);
        return Math.max(retryDelay(failuresInARow, random), verdict.retryAfterMs);
      }
      const given = verdict.kind === 'refused' ? series : Math.min(Math.max(verdict.rejected, 0), series);
      sent += series - given;
      if (given > 0) {
        whole = false;
        const reason = verdict.kind === 'refused' ? verdict.reason : 'rejected';
        dropped.set(reason, (dropped.get(reason) ?? 0) + given);
        stumble(verdict.message);
      }
    }
    if (whole) {
      if (failuresInARow > 0)
        logger.info({ ...place, failures: failuresInARow }, 'output takes series again');
      failuresInARow = 0;
      trouble = undefined;
      last = clock.elapsed();
    }
    return output.intervalMs;
  };

  const run = async (): Promise<void> => {
    let delay = output.intervalMs;
    let isLast = false;
    while (!isLast) {
      await wait(delay, closing.signal);
      // What was counted since the last push goes out with the gateway's end.
      isLast = closing.signal.aborted;
      try {
        delay = await push();
      } catch (error) {
        logger.error({ ...place, err: error }, 'series could not be written');
        delay = output.intervalMs;
      }
    }
  };

  return {
    start() {
      running ??= run();
    },
    async close(graceMs) {
      closing.abort();
      const cut = setTimeout(() => cutting.abort(), graceMs);
      await running;
      clearTimeout(cut);
    },
    report: () => ({
      output: output.name,
      seconds: Math.max(0, clock.elapsed() - last) / 1_000,
      sent,
      failures,
      dropped,
      ...(trouble === undefined ? {} : { trouble }),
    }),
  };
}
