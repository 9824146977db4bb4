import {
  type Batch,
  endpointTemplate,
  type LogRecord,
  type MetricPoint,
  type SpanRecord,
} from '@artel/telemetry-protocol';
import type { Clock } from './clock';
import type { Exemplar, ExposedFamily } from './exposition';
import { type Resolution, valuesOf } from './resolveMetric';
import { bucketOf, type Family, type LabelPair, type Series, seriesKey } from './series';

/** An exemplar and the place where it is shown: a series, and of a histogram the bucket that it fell into. */
export interface PlacedExemplar {
  readonly family: string;
  readonly series: string;
  /** 0 for a counter. */
  readonly bucket: number;
  readonly exemplar: Exemplar;
}

/** The log lines that the client writes beside one event, by the metric that counts it. */
const categoryOf: ReadonlyMap<string, string> = new Map([
  ['user_action_total', 'user_action'],
  ['game_event_total', 'game_event'],
  ['frontend_error_total', 'error'],
]);

/** A span holds its request: it ends no earlier, but for what the two clocks round. */
const ROUNDING_MS = 10;

/** The endpoint that a span calls, as a template, and its method: by its attributes, or by a name like `GET /tables`. */
function callOf({ name, attributes = {} }: SpanRecord): { endpoint?: string; method?: string } {
  const [, namedMethod, namedPath] = /^([A-Z]{3,10}) (\/\S*)$/.exec(name) ?? [];
  const text = (...keys: string[]): string | undefined =>
    keys.map((key) => attributes[key]).find((value): value is string => typeof value === 'string');
  const endpoint = text('endpoint', 'http.route', 'url.path', 'url.full') ?? namedPath;
  const method = text('http.request.method', 'method') ?? namedMethod;
  return {
    ...(endpoint === undefined ? {} : { endpoint: endpointTemplate(endpoint) }),
    ...(method === undefined ? {} : { method }),
  };
}

/** The trace of a request that the point timed: that of a span of the same call, and the timing that fits into it. */
function bySpan(
  labels: readonly LabelPair[],
  values: readonly number[],
  spans: readonly SpanRecord[],
): Omit<Exemplar, 'at'> | undefined {
  const { endpoint, method } = Object.fromEntries(labels);
  if (endpoint === undefined) return undefined;
  for (const span of [...spans].reverse()) {
    const call = callOf(span);
    if (call.endpoint !== endpoint || (call.method !== undefined && call.method !== method)) continue;
    const within = values.filter((value) => value <= span.duration + ROUNDING_MS);
    if (within.length > 0) return { traceId: span.traceId, value: Math.max(...within) };
  }
  return undefined;
}

/** The trace of an event that the point counted: that of its log line, which names the same labels. */
function byLog(
  { name }: Family,
  labels: readonly LabelPair[],
  logs: readonly LogRecord[],
): Omit<Exemplar, 'at'> | undefined {
  const category = categoryOf.get(name);
  if (category === undefined) return undefined;
  const line = logs
    .filter(
      (log) =>
        log.category === category &&
        labels.every(([label, value]) => String(log.fields?.[label] ?? '') === value),
    )
    .at(-1);
  return line?.traceId === undefined ? undefined : { traceId: line.traceId, value: 1 };
}

/** What the sender itself says of the point. */
function bySender({ exemplar }: MetricPoint, values: readonly number[]): Omit<Exemplar, 'at'> | undefined {
  if (!exemplar) return undefined;
  const value = exemplar.value ?? (values.length === 1 ? values[0] : undefined);
  return value === undefined ? undefined : { traceId: exemplar.traceId, value };
}

/**
 * The exemplars that a checked batch holds: those that its points name, else those that its spans and log lines tell.
 * `at` is when it arrived, Unix time in ms: Prometheus leaves out an exemplar that is older than the series' last.
 */
export function exemplarsIn(
  { metrics, logs = [], spans = [] }: Batch,
  resolve: (point: MetricPoint) => Resolution,
  at: number,
): PlacedExemplar[] {
  const tracedLogs = logs.filter(({ traceId }) => traceId !== undefined);
  const nothing = tracedLogs.length === 0 && spans.length === 0;
  // Most batches have none, and shall not pay for the few.
  if (nothing && !metrics.some(({ exemplar }) => exemplar)) return [];
  return metrics.flatMap((point): PlacedExemplar[] => {
    if (nothing && !point.exemplar) return [];
    const resolution = resolve(point);
    if (!resolution.ok) return [];
    const { family, labels, key } = resolution;
    const values = valuesOf(point);
    const found =
      bySender(point, values) ??
      (family.kind === 'histogram' ? bySpan(labels, values, spans) : byLog(family, labels, tracedLogs));
    if (!found) return [];
    const bucket = family.kind === 'histogram' ? bucketOf(family.buckets, found.value) : 0;
    return [{ family: family.name, series: key, bucket, exemplar: { ...found, at } }];
  });
}

/** The last exemplar of each series and bucket, in memory: a restart forgets them. */
export interface ExemplarBook {
  /** Takes in what a counted batch of a tenant held. */
  note(tenant: string, found: readonly PlacedExemplar[]): void;
  /** A family's series, as `/metrics` shows them, with the exemplars that are theirs. */
  family(
    tenant: string,
    family: Pick<ExposedFamily, 'name' | 'kind' | 'help'>,
    series: Iterable<Series>,
  ): ExposedFamily;
}

export interface ExemplarBookOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** The most series that have exemplars; the ones that had their last the longest ago go. */
  readonly maxSeries?: number;
  /** How long one is shown, in ms: its trace is kept no longer for ever. */
  readonly maxAgeMs?: number;
}

const MAX_SERIES = 5_000;
const MAX_AGE_MS = 3_600_000;

export function createExemplarBook(options: ExemplarBookOptions): ExemplarBook {
  const { clock, maxSeries = MAX_SERIES, maxAgeMs = MAX_AGE_MS } = options;
  // In the order of their last exemplar.
  const book = new Map<string, Map<number, Exemplar>>();
  /** Families that have had one, so that a scrape does not look for those of all others. */
  const families = new Set<string>();
  const keyOf = (tenant: string, name: string): string => `${tenant} ${name}`;

  const fresh = (tenant: string, { name, labels }: Series): Map<number, Exemplar> | undefined => {
    const kept = book.get(keyOf(tenant, seriesKey(name, labels)));
    if (!kept) return undefined;
    const oldest = clock.now() - maxAgeMs;
    const shown = new Map([...kept].filter(([, { at }]) => at >= oldest));
    return shown.size > 0 ? shown : undefined;
  };

  return {
    note(tenant, found) {
      for (const { family, series, bucket, exemplar } of found) {
        families.add(keyOf(tenant, family));
        const key = keyOf(tenant, series);
        const kept = book.get(key) ?? new Map<number, Exemplar>();
        kept.set(bucket, exemplar);
        book.delete(key);
        book.set(key, kept);
      }
      for (const key of book.keys()) {
        if (book.size <= maxSeries) break;
        book.delete(key);
      }
    },
    family(tenant, { name, kind, help }, series) {
      if (!families.has(keyOf(tenant, name))) return { name, kind, help, series };
      const traced = [...series].map((one) => {
        const exemplars = fresh(tenant, one);
        if (!exemplars) return one;
        if (one.kind === 'histogram') return { ...one, exemplars };
        const exemplar = exemplars.get(0);
        return exemplar ? { ...one, exemplar } : one;
      });
      return { name, kind, help, series: traced };
    },
  };
}
