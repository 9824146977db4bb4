import { serviceCatalogue } from '@artel/telemetry-protocol';
import { type AskPrometheus, createPrometheusQuery } from './prometheusQuery';

/** What is promised; the seed's where left out. */
export interface SlaTargets {
  /** Share of the time in which the service answers, in percent; 99.9. */
  readonly availabilityPercent: number;
  /** 95 % of the requests are answered within this, in ms; 500. */
  readonly responseTimeP95Ms: number;
  /** The most requests that may fail (5xx), in percent; 1. */
  readonly errorRatePercent: number;
}

/** What {@link createSlaReport} is told. */
export interface SlaReportOptions {
  /** Where Prometheus answers, such as `http://prometheus:9090`. */
  readonly prometheusUrl: string;
  /** The `service` label of the metrics. */
  readonly service: string;
  /** The `job` under which Prometheus scrapes the service; the service's name if left out. */
  readonly job?: string;
  /** How far back, as Prometheus writes it; `30d` if left out. */
  readonly window?: string;
  readonly targets?: Partial<SlaTargets>;
  /** How long one query may take, in ms; 10,000 if left out. */
  readonly timeoutMs?: number;
  /** Sent with each query, such as `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Before the names of the metrics, as in `createAppMetrics`. */
  readonly prefix?: string;
  /** `globalThis.fetch` if left out. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A figure, or `null` with why there is none: nothing was measured, or nothing was asked of the service. */
export type SlaFigure =
  | { readonly value: number; readonly target: number; readonly met: boolean; readonly atLeast?: true }
  | { readonly value: null; readonly reason: 'no data' | 'no requests'; readonly target: number };

/** How much of the failure that the availability target allows is used up. */
export type ErrorBudget =
  | {
      /** Share of the window in which the service failed: it did not answer at all, or with 5xx; in percent. */
      readonly failedPercent: number;
      /** The share that may fail, in percent. */
      readonly allowedPercent: number;
      /** What is left of it, in percent of itself; below 0 when more has failed than may. */
      readonly remainingPercent: number;
    }
  | { readonly remainingPercent: null; readonly reason: 'no data' };

/** How the service has kept what it promises. */
export interface SlaReport {
  readonly window: string;
  /** Share of the scrapes that the service answered (`up`), in percent. */
  readonly availabilityPercent: SlaFigure;
  /** By the histogram's buckets; `atLeast` where it lies above the last one. */
  readonly responseTimeP95Ms: SlaFigure;
  /** Requests answered with 5xx, in percent of all. */
  readonly errorRatePercent: SlaFigure;
  readonly errorBudget: ErrorBudget;
  /** The figures that miss their targets. */
  readonly breaches: readonly ('availabilityPercent' | 'responseTimeP95Ms' | 'errorRatePercent')[];
  /** The moment up to which they are, ISO 8601. */
  readonly timestamp: string;
}

const TARGETS: SlaTargets = { availabilityPercent: 99.9, responseTimeP95Ms: 500, errorRatePercent: 1 };
const WINDOW = /^(?:\d+(?:ms|[smhdwy]))+$/;

const requests = 'http_requests_total';
const durations = 'http_request_duration_seconds';
const lastBucketMs = (serviceCatalogue.get(durations)?.buckets?.at(-1) ?? Number.POSITIVE_INFINITY) * 1_000;

/** A label's value as PromQL writes it. */
const quoted = (text: string): string => JSON.stringify(text);

/** Without the noise of binary fractions. */
const rounded = (value: number): number => Number(value.toPrecision(12));

function checkOptions({
  prometheusUrl,
  service,
  window = '30d',
  targets = {},
  timeoutMs = 1,
}: SlaReportOptions): void {
  const protocol = URL.canParse(prometheusUrl) ? new URL(prometheusUrl).protocol : '';
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError(
      `prometheusUrl: expected an http or https address, got ${JSON.stringify(prometheusUrl)}`,
    );
  }
  if (service === '') throw new TypeError('service: expected a name, got ""');
  if (!WINDOW.test(window))
    throw new TypeError(`window: expected a duration such as 30d, got ${JSON.stringify(window)}`);
  if (!(timeoutMs > 0)) throw new TypeError(`timeoutMs: expected a number above 0, got ${timeoutMs}`);
  for (const [name, value] of Object.entries(targets)) {
    if (!(value >= 0)) throw new TypeError(`targets.${name}: expected a number of 0 or more, got ${value}`);
  }
}

function figure(value: number | undefined, target: number, isMet: (value: number) => boolean): SlaFigure {
  if (value === undefined) return { value: null, reason: 'no data', target };
  if (Number.isNaN(value)) return { value: null, reason: 'no requests', target };
  const shown = rounded(value);
  return { value: shown, target, met: isMet(shown) };
}

async function errorShare(ask: AskPrometheus, series: string, labels: string, window: string) {
  const failedSeries = `${series}{${labels},status_code=~"5.."}`;
  const [all, failed] = await Promise.all([
    ask('errorRatePercent', `sum(increase(${series}{${labels}}[${window}]))`),
    ask('errorRatePercent', `sum(increase(${failedSeries}[${window}]))`),
  ]);
  if (all === undefined) return undefined;
  // Prometheus has no series of what never happened.
  return all === 0 ? Number.NaN : (failed ?? 0) / all;
}

function budgetOf(up: number | undefined, errors: number | undefined, target: number): ErrorBudget {
  if (up === undefined) return { remainingPercent: null, reason: 'no data' };
  // While it was up, the requests tell; where there were none, none failed.
  const failing = errors === undefined || Number.isNaN(errors) ? 0 : errors;
  const failedPercent = rounded((1 - up * (1 - failing)) * 100);
  const allowedPercent = rounded(100 - target);
  const spent =
    allowedPercent === 0
      ? failedPercent > 0
        ? Number.POSITIVE_INFINITY
        : 0
      : failedPercent / allowedPercent;
  return { failedPercent, allowedPercent, remainingPercent: rounded((1 - spent) * 100) };
}

/**
 * Computes the figures of an SLA out of what Prometheus has measured, by its HTTP API. What was not measured is `null` with
 * the reason. Prometheus sees a rise only between two scrapes: of a series that appears for the first time, what it began with
 * is not counted; `httpMetrics` shows 200 and 500 of each route with 0 for that. Throws a `TypeError` that names an option which is wrong, and rejects with a `PrometheusQueryError`, which
 * names the figure and the query, where Prometheus does not answer.
 */
export async function createSlaReport(options: SlaReportOptions): Promise<SlaReport> {
  checkOptions(options);
  const { prometheusUrl: url, service, job = service, window = '30d', prefix = '', headers = {} } = options;
  const { timeoutMs = 10_000, fetch = globalThis.fetch } = options;
  const targets = { ...TARGETS, ...options.targets };
  // One moment for all, or a figure could count what another does not know of.
  const now = Date.now();
  const ask = createPrometheusQuery({ url, timeoutMs, time: now / 1_000, fetch, headers });
  const labels = `service=${quoted(service)}`;

  const [up, p95, errors] = await Promise.all([
    ask('availabilityPercent', `avg(avg_over_time(up{job=${quoted(job)}}[${window}]))`),
    ask(
      'responseTimeP95Ms',
      `histogram_quantile(0.95, sum by (le) (increase(${prefix}${durations}_bucket{${labels}}[${window}])))`,
    ),
    errorShare(ask, `${prefix}${requests}`, labels, window),
  ]);

  const availability = figure(
    up === undefined ? undefined : up * 100,
    targets.availabilityPercent,
    (value) => value >= targets.availabilityPercent,
  );
  const isAbove = p95 !== undefined && p95 * 1_000 >= lastBucketMs;
  const responseTime = figure(
    p95 === undefined ? undefined : p95 * 1_000,
    targets.responseTimeP95Ms,
    (value) => value <= targets.responseTimeP95Ms && !isAbove,
  );
  const errorRate = figure(
    errors === undefined ? undefined : errors * 100,
    targets.errorRatePercent,
    (value) => value <= targets.errorRatePercent,
  );
  const figures = {
    availabilityPercent: availability,
    responseTimeP95Ms:
      responseTime.value !== null && isAbove ? { ...responseTime, atLeast: true as const } : responseTime,
    errorRatePercent: errorRate,
  };
  const names = ['availabilityPercent', 'responseTimeP95Ms', 'errorRatePercent'] as const;
  return {
    window,
    ...figures,
    errorBudget: budgetOf(up, errors, targets.availabilityPercent),
    breaches: names.filter((name) => {
      const one = figures[name];
      return one.value !== null && !one.met;
    }),
    timestamp: new Date(now).toISOString(),
  };
}
