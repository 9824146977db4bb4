import type { Clock } from './clock';
import type { ExposedFamily } from './exposition';
import { createSeries, mergeSeries, type Series } from './series';

const batchOutcomes = ['accepted', 'duplicate', 'refused', 'failed'] as const;
const pointOutcomes = ['accepted', 'rejected'] as const;

export type BatchOutcome = (typeof batchOutcomes)[number];

/** Read at each scrape. */
export interface Gauges {
  readonly series: () => number;
  readonly queueRecords: () => number;
}

/** The gateway's account of itself, from its start on. */
export interface OwnMetrics {
  /** One answered batch, with how many of its points, logs and spans were counted and how many refused. */
  batch(outcome: BatchOutcome, accepted?: number, rejected?: number): void;
  commit(seconds: number, queueDropped: number): void;
  families(): ExposedFamily[];
}

const commitDuration = {
  name: 'artel_gateway_commit_duration_seconds',
  kind: 'histogram',
  help: 'Time to write one group of batches to the disk.',
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
} as const;

function byOutcome(counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).map(([outcome, value]) => ({
    labels: [['outcome', outcome] as const],
    value,
  }));
}

/** Counts from 0 for every outcome, so that `rate()` sees the first of each. */
export function createOwnMetrics(gauges: Gauges, clock: Clock): OwnMetrics {
  const startedSeconds = clock.now() / 1_000 - process.uptime();
  const batches: Record<BatchOutcome, number> = { accepted: 0, duplicate: 0, refused: 0, failed: 0 };
  const points: Record<(typeof pointOutcomes)[number], number> = { accepted: 0, rejected: 0 };
  let commits: Series = createSeries(commitDuration, [], []);
  let queueDropped = 0;

  const single = (name: string, kind: 'counter' | 'gauge', help: string, value: number): ExposedFamily => ({
    name,
    kind,
    help,
    series: [{ labels: [], value }],
  });

  return {
    batch(outcome, accepted = 0, rejected = 0) {
      batches[outcome]++;
      points.accepted += accepted;
      points.rejected += rejected;
    },
    commit(seconds, dropped) {
      commits = mergeSeries(commits, createSeries(commitDuration, [], [seconds]));
      queueDropped += dropped;
    },
    families() {
      const { user, system } = process.cpuUsage();
      return [
        {
          name: 'artel_gateway_batches_total',
          kind: 'counter',
          help: 'Batches by what came of them; failed ones were not kept and will come again.',
          series: byOutcome(batches),
        },
        {
          name: 'artel_gateway_points_total',
          kind: 'counter',
          help: 'Points, logs and spans by what came of them.',
          series: byOutcome(points),
        },
        single(
          'artel_gateway_duplicates_total',
          'counter',
          'Batches that had been counted before.',
          batches.duplicate,
        ),
        { ...commitDuration, series: [commits] },
        single('artel_gateway_series', 'gauge', 'Series that batches have made.', gauges.series()),
        single(
          'artel_gateway_queue_records',
          'gauge',
          'Logs and spans that wait to be handed on.',
          gauges.queueRecords(),
        ),
        single(
          'artel_gateway_queue_dropped_total',
          'counter',
          'Logs and spans that were dropped from a full queue.',
          queueDropped,
        ),
        single(
          'process_start_time_seconds',
          'gauge',
          'Start of the process in Unix time, in seconds.',
          startedSeconds,
        ),
        single(
          'process_cpu_seconds_total',
          'counter',
          'CPU time of the process, in seconds.',
          (user + system) / 1e6,
        ),
        single(
          'process_resident_memory_bytes',
          'gauge',
          'Resident memory of the process.',
          process.memoryUsage.rss(),
        ),
      ];
    },
  };
}
