import type { Catalogue } from '@artel/telemetry-protocol';
import type { Delta } from '../aggregate';
import type { Series } from '../series';
import { createActivePages } from './activePages';
import type { CountedBatch } from './countedBatch';
import { createErrorGroups } from './errorGroups';
import { createHistogramRing } from './histogramRing';
import { createLogTail } from './logTail';
import { createPlayerRankings, rankedOf } from './playerRankings';
import { createRanking } from './ranking';
import { readLine } from './readLine';
import { createRing } from './ring';
import {
  type Delivery,
  type GatewayState,
  HISTORY_SECONDS,
  type Line,
  lines,
  MAX_ERROR_GROUPS,
  MAX_LOGS,
  QUANTILE_SECONDS,
  type SecondRow,
  type Timing,
  type TimingSummary,
  timings,
  type Update,
  VITALS_MINUTES,
  type VitalName,
  type VitalSummary,
  vitalNames,
  vitals,
} from './wire';

/** An update without the gateway's own state, of which one reader may see more than another. */
export interface FeedUpdate extends Omit<Update, 'delivery'> {
  readonly delivery: Omit<Delivery, keyof GatewayState>;
}

/** What one tenant's players did in the last minutes, or those of all tenants together; of a bounded size. */
export interface Feed {
  observe(batch: CountedBatch): void;
  /** Takes note of what batches add to their series; `at` is Unix time in ms. */
  add(deltas: readonly Delta[], at: number): void;
  /** What has changed since the last update. */
  update(now: number): FeedUpdate;
  /** Everything, for a page that has nothing. */
  snapshot(now: number): FeedUpdate;
  /** Lets go of log lines and errors; the next update tells everything anew. */
  forget(): void;
  /** Counts what has changed so far as told: there is no page, and those that come get a snapshot. */
  skip(now: number): void;
}

export interface FeedOptions {
  readonly catalogue: Catalogue;
  /** Names the tenant on each log line and error. */
  readonly showsTenants: boolean;
}

/** The metrics with a line of their own; every other that is no vital is counted under `other`. */
const lineOf = new Map<string, Line>([
  ['user_action_total', 'actions'],
  ['game_event_total', 'games'],
  ['frontend_error_total', 'errors'],
  ['api_request_duration_ms', 'api'],
  ['page_load_duration_ms', 'loads'],
]);
const metricOf: Readonly<Record<Timing, string>> = {
  api: 'api_request_duration_ms',
  loads: 'page_load_duration_ms',
};
const isVital = new Set<string>(vitalNames);
const DROPPED = 'telemetry_dropped_total';

/** Columns of the ring of counts: one for each line, then these. */
const ACCEPTED = lines.length;
const DELIVERY_COLUMNS = 4;
// The most that one message may hold of what strangers can make much of.
const LOGS_PER_UPDATE = 60;
const NEW_ERRORS_PER_UPDATE = 20;
const LOG_CHARACTERS = 150_000;
const REASONS = 20;
/** A clock that was set back so far begins a new history. */
const BACKWARD_SECONDS = 5;

const toSecond = (ms: number): number => Math.floor(ms / 1_000);

/** How many events a series of a batch stands for: what a counter grew by, or how often a histogram observed. */
function eventsOf(series: Series): number {
  return series.kind === 'counter' ? series.value : series.count;
}

export function createFeed({ catalogue, showsTenants }: FeedOptions): Feed {
  const counts = createRing({ columns: ACCEPTED + DELIVERY_COLUMNS, slots: HISTORY_SECONDS, step: 1 });
  // A quantile looks back from each second of the history, the first too.
  const durations = createHistogramRing({
    metrics: Object.values(metricOf),
    catalogue,
    slots: HISTORY_SECONDS + QUANTILE_SECONDS,
    step: 1,
  });
  const pageVitals = createHistogramRing({
    metrics: vitalNames,
    catalogue,
    slots: VITALS_MINUTES,
    step: 60,
  });
  const rankings = createPlayerRankings(catalogue);
  const dropped = createRanking({ columns: 1, room: REASONS });
  const active = createActivePages();
  const logs = createLogTail({ room: MAX_LOGS, characters: LOG_CHARACTERS });
  const errors = createErrorGroups({ room: MAX_ERROR_GROUPS });

  let newest = 0;
  /** The first second of which a page may have an older picture. */
  let unsaid = 0;
  let mustReset = false;

  const advance = (second: number): void => {
    if (second < newest - BACKWARD_SECONDS) {
      // Each second would come twice. Logs and errors are no matter of seconds and stay.
      for (const part of [counts, durations, pageVitals, rankings, dropped, active]) part.clear();
      mustReset = true;
      newest = second;
    }
    newest = Math.max(newest, second);
  };

  const addSeries = (series: Series, second: number): void => {
    const events = eventsOf(series);
    if (series.name === DROPPED) {
      dropped.add(series.labels[0]?.[1] ?? '', second, [events]);
    } else if (isVital.has(series.name)) {
      pageVitals.add(series, second);
    } else {
      counts.add(second, lines.indexOf(lineOf.get(series.name) ?? 'other'), events);
      durations.add(series, second);
      rankings.add(series, events, second);
    }
  };

  const rowOf = (second: number): SecondRow => ({
    s: second,
    n: lines.map((_, column) => counts.at(second, column)),
    q: timings.flatMap((timing) =>
      [0.5, 0.95].map((q) => durations.quantile(metricOf[timing], second, QUANTILE_SECONDS, q)),
    ),
  });

  /** From the second `from` to the newest, as far as the history goes. */
  const rows = (from: number): SecondRow[] => {
    const first = Math.max(from, newest - HISTORY_SECONDS + 1);
    return Array.from({ length: Math.max(0, newest - first + 1) }, (_, at) => rowOf(first + at));
  };

  const timingSummary = (timing: Timing): TimingSummary => {
    const metric = metricOf[timing];
    return {
      count: durations.counts(metric, newest, HISTORY_SECONDS).reduce((sum, count) => sum + count, 0),
      p50: durations.quantile(metric, newest, HISTORY_SECONDS, 0.5),
      p95: durations.quantile(metric, newest, HISTORY_SECONDS, 0.95),
      most: durations.bounds(metric).at(-1) ?? 0,
    };
  };

  const vitalSummary = (name: VitalName): VitalSummary => {
    const bounds = pageVitals.bounds(name);
    const share = { good: 0, fair: 0, poor: 0 };
    for (const [bucket, count] of pageVitals.counts(name, newest, VITALS_MINUTES).entries()) {
      const bound = bounds[bucket] ?? Number.POSITIVE_INFINITY;
      share[bound <= vitals[name].good ? 'good' : bound <= vitals[name].poor ? 'fair' : 'poor'] += count;
    }
    const count = share.good + share.fair + share.poor;
    return { count, p75: pageVitals.quantile(name, newest, VITALS_MINUTES, 0.75), ...share };
  };

  /** What is said whole each time: small, and the same for every page. */
  const standing = (now: number) => {
    const [accepted = 0, rejected = 0, duplicates = 0, batches = 0] = counts.sums(
      newest,
      HISTORY_SECONDS,
      ACCEPTED,
      ACCEPTED + DELIVERY_COLUMNS,
    );
    return {
      now,
      active: active.count(newest),
      timings: { api: timingSummary('api'), loads: timingSummary('loads') },
      vitals: {
        web_vital_lcp_ms: vitalSummary('web_vital_lcp_ms'),
        web_vital_inp_ms: vitalSummary('web_vital_inp_ms'),
        web_vital_cls: vitalSummary('web_vital_cls'),
        web_vital_fcp_ms: vitalSummary('web_vital_fcp_ms'),
        web_vital_ttfb_ms: vitalSummary('web_vital_ttfb_ms'),
      },
      ...rankings.top(newest),
      delivery: {
        accepted,
        rejected,
        duplicates,
        batches,
        dropped: rankedOf(dropped, newest, REASONS),
      },
    };
  };

  const snapshot: Feed['snapshot'] = (now) => {
    advance(toSecond(now));
    return {
      reset: true,
      ...standing(now),
      seconds: rows(0),
      logs: logs.all(),
      logsSkipped: 0,
      errors: errors.all(),
      errorsGone: [],
    };
  };

  /** The second that something happened in, which is to be told. */
  const noteSecond = (at: number): number => {
    const second = toSecond(at);
    advance(second);
    unsaid = Math.min(unsaid, second);
    return second;
  };

  return {
    add(deltas, at) {
      const second = noteSecond(at);
      for (const { series } of deltas) addSeries(series, second);
    },
    observe({ tenant, at, producer, deltas, records, accepted, rejected, duplicate }) {
      const second = noteSecond(at);
      if (producer !== undefined) active.heard(producer, second);
      counts.add(second, ACCEPTED, accepted);
      counts.add(second, ACCEPTED + 1, rejected);
      counts.add(second, ACCEPTED + 2, duplicate ? 1 : 0);
      counts.add(second, ACCEPTED + 3, 1);
      for (const { series } of deltas) addSeries(series, second);
      for (const record of records) {
        if (record.kind !== 'log') continue;
        const { line, report } = readLine(record, at, showsTenants ? tenant : undefined);
        logs.add(line);
        if (report) errors.add(report);
      }
    },
    update(now) {
      advance(toSecond(now));
      const { lines: fresh, skipped } = logs.fresh(LOGS_PER_UPDATE);
      const { groups, gone } = errors.fresh(NEW_ERRORS_PER_UPDATE);
      const from = unsaid;
      // The second that has begun is not over, and will be said again.
      unsaid = newest;
      if (mustReset) {
        mustReset = false;
        return snapshot(now);
      }
      return {
        reset: false,
        ...standing(now),
        seconds: rows(from),
        logs: fresh,
        logsSkipped: skipped,
        errors: groups,
        errorsGone: gone,
      };
    },
    snapshot,
    forget() {
      logs.clear();
      errors.clear();
      mustReset = true;
    },
    skip(now) {
      advance(toSecond(now));
      logs.fresh(0);
      errors.fresh(MAX_ERROR_GROUPS);
      unsaid = newest;
      mustReset = false;
    },
  };
}
