import type { Exemplar, ExposedDistribution, ExposedFamily, ExposedValue } from '../exposition';
import type { MetricsBody } from './metricsPusher';
import { attributesOf, idBytes, type Resource, scope } from './otlpCommon';
import { otlpType } from './otlpSchema';
import { wellFormed } from './wellFormed';

const request = otlpType('collector.metrics.v1.ExportMetricsServiceRequest');

const CUMULATIVE = 2;

export interface OtlpMetricsOptions {
  readonly resource: Resource;
  /** Unix time in ms of the snapshot. */
  readonly now: number;
  /** Since when a series counts whose beginning nobody knows, Unix time in ms. */
  readonly started: number;
  /** The most series of one request. */
  readonly series: number;
}

function nanos(ms: number): string {
  return `${Math.trunc(ms)}000000`;
}

function exemplarOf({ traceId, value, at }: Exemplar) {
  return { timeUnixNano: nanos(at), asDouble: value, traceId: idBytes(traceId) };
}

/**
 * The bodies of `POST /v1/metrics` for one snapshot: cumulative sums and histograms, each from when it began. Their
 * unit stays unsaid: an end that follows Prometheus' names would put it behind `_ms` once more.
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/
 */
export function* otlpMetricsBodies(
  families: Iterable<ExposedFamily>,
  { resource, now, started, series: most }: OtlpMetricsOptions,
): Generator<MetricsBody> {
  const times = (created: number | undefined) => ({
    // A clock that was set back must not make a sum end before it began.
    startTimeUnixNano: nanos(Math.min(created ?? started, now)),
    timeUnixNano: nanos(now),
  });
  const pointOf = ({ labels, value, exemplar, created }: ExposedValue) => ({
    attributes: attributesOf(labels),
    ...times(created),
    asDouble: value,
    exemplars: exemplar ? [exemplarOf(exemplar)] : [],
  });
  const distributionOf = (one: ExposedDistribution) => ({
    attributes: attributesOf(one.labels),
    ...times(one.created),
    count: String(one.count),
    sum: one.sum,
    bucketCounts: one.counts.map(String),
    explicitBounds: one.bounds,
    exemplars: [...(one.exemplars?.values() ?? [])].map(exemplarOf),
  });
  const metricOf = (
    { name, help, kind }: ExposedFamily,
    values: ExposedValue[],
    spread: ExposedDistribution[],
  ) => ({
    name,
    description: wellFormed(help),
    ...(kind === 'histogram'
      ? { histogram: { aggregationTemporality: CUMULATIVE, dataPoints: spread.map(distributionOf) } }
      : kind === 'counter'
        ? { sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints: values.map(pointOf) } }
        : { gauge: { dataPoints: values.map(pointOf) } }),
  });

  let metrics: ReturnType<typeof metricOf>[] = [];
  let taken = 0;
  const take = (): MetricsBody => {
    const resourceMetrics = [{ resource, scopeMetrics: [{ scope, metrics }] }];
    const body = { body: request.encode({ resourceMetrics }).finish(), series: taken };
    metrics = [];
    taken = 0;
    return body;
  };
  for (const family of families) {
    const series = [...family.series];
    for (let at = 0; at < series.length; ) {
      const part = series.slice(at, at + most - taken);
      const values = part.filter((one) => 'value' in one);
      const spread = part.filter((one) => 'bounds' in one);
      metrics.push(metricOf(family, values, spread));
      at += part.length;
      taken += part.length;
      if (taken >= most) yield take();
    }
  }
  if (taken > 0) yield take();
}
