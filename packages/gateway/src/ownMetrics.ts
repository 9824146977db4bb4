import type { Rejection } from '@artel/telemetry-protocol';
import type { Clock } from './clock';
import type { Tier } from './enrich';
import type { TimedBatch } from './eventTimes';
import type { ExposedFamily, ExposedValue } from './exposition';
import type { Outcome } from './job';
import { type HttpProblem, reasonFor } from './problem';
import { createSeries, mergeSeries, type Series } from './series';
import { createTally } from './tally';
import type { SignInOutcome } from './telegram/sessions';
import type { Tenant } from './tenants';

const batchOutcomes = ['accepted', 'duplicate', 'refused', 'failed'] as const;
type BatchOutcome = (typeof batchOutcomes)[number];

/** Fields that a rejection may begin with; whatever else one says is `other`. */
const rejectedFields = [
  'name',
  'labels',
  'value',
  'values',
  'timestamp',
  'start',
  'level',
  'message',
] as const;
const batchReasons = [
  'key',
  'token',
  'origin',
  'malformed',
  'no_item',
  'too_large',
  'rate_limited',
  'overload',
  'unavailable',
] as const;

/** Read at each scrape. */
export interface Gauges {
  readonly series: () => number;
  /** Series by tenant and metric. */
  readonly seriesByMetric: () => readonly ExposedValue[];
  readonly queueRecords: () => number;
  readonly tenants: () => number;
  readonly producers: () => number;
  readonly storeBytes: () => number;
  /** `store.maxBytes`, where it is set. */
  readonly storeMaxBytes: () => number | undefined;
}

/** The gateway's account of itself, from its start on. */
export interface OwnMetrics {
  /** One answered batch, by what came of it, and whose it was as far as that is known. */
  batch(result: Outcome | HttpProblem, sender: { readonly tenant?: Tenant; readonly tier?: Tier }): void;
  /** What was odd about a batch's times. */
  times(batch: Pick<TimedBatch, 'late' | 'skewed'>): void;
  signIn(outcome: SignInOutcome): void;
  envelope(outcome: string): void;
  reload(outcome: 'taken' | 'refused'): void;
  commit(seconds: number, queueDropped: number): void;
  families(): ExposedFamily[];
}

const commitDuration = {
  name: 'artel_gateway_commit_duration_seconds',
  kind: 'histogram',
  help: 'Time to write one group of batches to the disk.',
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
} as const;

const each = (label: string, values: readonly string[]) => values.map((value) => [[label, value] as const]);

function fieldOf({ reason }: Rejection): string {
  const field = /^\w+/.exec(reason)?.[0] ?? '';
  return rejectedFields.find((known) => known === field) ?? 'other';
}

function outcomeOf(result: Outcome | HttpProblem): BatchOutcome {
  if ('kind' in result) return result.kind === 'counted' ? 'accepted' : result.kind;
  return result.status === 429 || result.status >= 500 ? 'failed' : 'refused';
}

function single(name: string, kind: 'counter' | 'gauge', help: string, value: number): ExposedFamily {
  return { name, kind, help, series: [{ labels: [], value }] };
}

function processFamilies(startedSeconds: number): ExposedFamily[] {
  const { user, system } = process.cpuUsage();
  return [
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
}

/** Makes the account. Counts begin from 0 for every outcome, so that `rate()` sees the first of each. */
export function createOwnMetrics(gauges: Gauges, clock: Clock): OwnMetrics {
  const startedSeconds = clock.now() / 1_000 - process.uptime();
  const tallies = {
    batches: createTally(
      'artel_gateway_batches_total',
      'Batches by what came of them; failed ones were not kept and will come again.',
      each('outcome', batchOutcomes),
    ),
    points: createTally(
      'artel_gateway_points_total',
      'Points, logs and spans by what came of them.',
      each('outcome', ['accepted', 'rejected']),
    ),
    duplicates: createTally('artel_gateway_duplicates_total', 'Batches that had been counted before.', [[]]),
    refused: createTally(
      'artel_gateway_batches_refused_total',
      'Batches of which nothing was kept, by reason.',
      each('reason', batchReasons),
    ),
    rejected: createTally(
      'artel_gateway_points_rejected_total',
      'Points, logs and spans that were left out of a batch, by the field that was wrong.',
      each('field', [...rejectedFields, 'other']),
    ),
    byTenant: createTally(
      'artel_gateway_tenant_batches_total',
      'Batches that were counted, by tenant and by whether the sender had a session.',
    ),
    pointsByTenant: createTally(
      'artel_gateway_tenant_points_total',
      'Points, logs and spans that were counted, by tenant and by whether the sender had a session.',
    ),
    late: createTally(
      'artel_gateway_late_total',
      'Points, logs and spans of more than 15 days ago, counted all the same.',
      [[]],
    ),
    skewed: createTally(
      'artel_gateway_skewed_batches_total',
      "Batches whose sender's clock was more than a minute wrong and was corrected.",
      [[]],
    ),
    signIns: createTally('artel_gateway_sign_ins_total', 'Sign-ins with Telegram by what came of them.'),
    envelopes: createTally(
      'artel_gateway_sentry_envelopes_total',
      'Envelopes of the Sentry tunnel by what came of them.',
    ),
    reloads: createTally(
      'artel_gateway_config_reloads_total',
      'Readings of the configuration while the gateway ran, by whether it was taken.',
      each('outcome', ['taken', 'refused']),
    ),
    queueDropped: createTally(
      'artel_gateway_queue_dropped_total',
      'Logs and spans that were dropped from a full queue.',
      [[]],
    ),
  } as const;
  let commits: Series = createSeries(commitDuration, [], []);

  return {
    batch(result, { tenant, tier }) {
      const outcome = outcomeOf(result);
      tallies.batches.add([['outcome', outcome]]);
      if (outcome === 'duplicate') tallies.duplicates.add([]);
      if (!('kind' in result)) {
        tallies.refused.add([['reason', reasonFor(result)]]);
        return;
      }
      if (result.kind === 'duplicate') return;
      for (const rejection of result.rejected) tallies.rejected.add([['field', fieldOf(rejection)]]);
      tallies.points.add([['outcome', 'rejected']], result.rejected.length);
      if (result.kind === 'refused') {
        tallies.refused.add([['reason', 'no_item']]);
        return;
      }
      tallies.points.add([['outcome', 'accepted']], result.accepted);
      if (tenant === undefined || tier === undefined) return;
      const whose = [['tenant', tenant.id] as const, ['tier', tier] as const];
      tallies.byTenant.add(whose);
      tallies.pointsByTenant.add(whose, result.accepted);
    },
    times({ late, skewed }) {
      if (late > 0) tallies.late.add([], late);
      if (skewed) tallies.skewed.add([]);
    },
    signIn: (outcome) => tallies.signIns.add([['outcome', outcome]]),
    envelope: (outcome) => tallies.envelopes.add([['outcome', outcome]]),
    reload: (outcome) => tallies.reloads.add([['outcome', outcome]]),
    commit(seconds, dropped) {
      commits = mergeSeries(commits, createSeries(commitDuration, [], [seconds]));
      tallies.queueDropped.add([], dropped);
    },
    families() {
      const maxBytes = gauges.storeMaxBytes();
      return [
        ...Object.values(tallies).map((tally) => tally.family()),
        { ...commitDuration, series: [commits] },
        single('artel_gateway_series', 'gauge', 'Series that batches have made.', gauges.series()),
        {
          name: 'artel_gateway_metric_series',
          kind: 'gauge',
          help: 'Series that batches have made, by metric and tenant.',
          series: gauges.seriesByMetric(),
        },
        single(
          'artel_gateway_queue_records',
          'gauge',
          'Logs and spans that wait to be handed on.',
          gauges.queueRecords(),
        ),
        single('artel_gateway_tenants', 'gauge', 'Tenants that are configured.', gauges.tenants()),
        single(
          'artel_gateway_ledger_producers',
          'gauge',
          'Producers whose batches the ledger knows, until they have been silent for long enough.',
          gauges.producers(),
        ),
        single(
          'artel_gateway_store_bytes',
          'gauge',
          'Bytes of the store that hold something.',
          gauges.storeBytes(),
        ),
        {
          name: 'artel_gateway_store_max_bytes',
          kind: 'gauge',
          help: 'Bytes that the store may hold: `store.maxBytes`. Not there where only the disk is the limit.',
          series: maxBytes === undefined ? [] : [{ labels: [], value: maxBytes }],
        },
        ...processFamilies(startedSeconds),
      ];
    },
  };
}
