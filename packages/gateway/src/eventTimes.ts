import type { Batch, Rejection } from '@artel/telemetry-protocol';
import { placesOf } from './aggregate';

export interface TimedBatch {
  readonly batch: Batch;
  readonly rejected: readonly Rejection[];
  /** Items of long ago, which are kept all the same. */
  readonly late: number;
  /** Whether the sender's clock was wrong. */
  readonly skewed: boolean;
}

export interface TimeRules {
  /** When the batch arrived, Unix time in ms. */
  readonly received: number;
  /** How far ahead of that an event may be, in seconds. */
  readonly futureSeconds: number;
}

/** Less than this between `sentAt` and the arrival is the way of the batch, in ms. */
const SKEW_MS = 60_000;
/** Clients wait with a batch for two weeks of open pages at most; most of what is older comes from a wrong clock. */
const LATE_MS = 15 * 86_400_000;

interface Sifted<T> {
  readonly items: readonly T[];
  readonly rejected: readonly Rejection[];
  readonly late: number;
}

/**
 * Sets the times of a checked batch right. A sender whose clock says something else than the gateway's at `sentAt` is
 * corrected by the difference. What then still lies ahead happened at the latest when it arrived, unless it is further
 * ahead than any clock goes wrong: that is refused. What is late, however late, is counted: an hour offline, or two
 * weeks, shall not lose anything.
 */
export function setTimes(
  batch: Batch,
  rejected: readonly Rejection[],
  { received, futureSeconds }: TimeRules,
): TimedBatch {
  const { sentAt, metrics, logs = [], spans = [] } = batch;
  const difference = sentAt === undefined ? 0 : received - sentAt;
  const skew = Math.abs(difference) > SKEW_MS ? difference : 0;

  const sift = <T>(
    items: readonly T[],
    list: Rejection['list'],
    field: string,
    timeOf: (item: T) => number | undefined,
    withTime: (item: T, time: number) => T,
  ): Sifted<T> => {
    const gone: Rejection[] = [];
    // Made at the first change: nearly all batches need none.
    let kept: T[] | undefined;
    let places: readonly number[] | undefined;
    let late = 0;
    for (const [at, item] of items.entries()) {
      const told = timeOf(item);
      const time = told === undefined ? received : told + skew;
      if (time < received - LATE_MS) late++;
      if (time > received + futureSeconds * 1_000) {
        places ??= placesOf(items.length, rejected, list);
        kept ??= items.slice(0, at);
        const ahead = Math.round((time - received) / 1_000);
        const reason = `${field}: ${ahead} s ahead of the gateway's clock, the limit is ${futureSeconds}`;
        gone.push({ index: places[at] ?? at, reason, ...(list ? { list } : {}) });
        continue;
      }
      const right = time > received + SKEW_MS ? received : time;
      if (told !== undefined && told !== right) {
        kept ??= items.slice(0, at);
        kept.push(withTime(item, right));
      } else kept?.push(item);
    }
    return { items: kept ?? items, rejected: gone, late };
  };

  const points = sift(
    metrics,
    undefined,
    'timestamp',
    (point) => point.timestamp,
    (point, timestamp) => ({ ...point, timestamp }),
  );
  const lines = sift(
    logs,
    'logs',
    'timestamp',
    (line) => line.timestamp,
    (line, timestamp) => ({ ...line, timestamp }),
  );
  const traced = sift(
    spans,
    'spans',
    'start',
    (span) => span.start,
    (span, start) => ({ ...span, start }),
  );
  const isRight = points.items === metrics && lines.items === logs && traced.items === spans;
  return {
    batch: isRight ? batch : { ...batch, metrics: points.items, logs: lines.items, spans: traced.items },
    rejected: isRight ? rejected : [...rejected, ...points.rejected, ...lines.rejected, ...traced.rejected],
    late: points.late + lines.late + traced.late,
    skewed: skew !== 0,
  };
}
