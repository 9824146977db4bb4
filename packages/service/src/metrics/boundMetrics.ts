import {
  type ServiceMetricDefinition,
  type ServiceMetricLabel,
  type ServiceMetricName,
  serviceSeries,
} from '@artel/telemetry-protocol';
import type { SpanContext } from '@opentelemetry/api';
import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client';
import { type Exemplar, exemplarOf } from './exemplar';
import { type OwnValue, showOwnValues } from './ownValues';
import { createSeriesBook, type SeriesBook, type SeriesLabels } from './seriesBook';

/** What a caller says of a series. What is left out is `unknown`; `service` is added. */
export type LabelsOf<Name extends ServiceMetricName> = {
  readonly [Label in ServiceMetricLabel<Name>]?: string | number | undefined;
};

/** A counter of the catalogue with its `service` filled in, its series bounded, and an exemplar of the active span. */
export interface BoundCounter<Name extends ServiceMetricName> {
  /** Adds 1, or `value`. Throws a `RangeError` that names the metric when that is not a finite number of 0 or more. */
  inc(labels?: LabelsOf<Name>, value?: number, span?: SpanContext): void;
  /** Shows a series that has counted nothing yet, so that Prometheus sees the first time as a rise. */
  zero(labels: LabelsOf<Name>): void;
}

/** A histogram of the catalogue, likewise. */
export interface BoundHistogram<Name extends ServiceMetricName> {
  /** Takes an observation in the unit that the metric's name ends with. Throws a `RangeError` where it is not finite. */
  observe(labels: LabelsOf<Name>, value: number, span?: SpanContext): void;
  /** Shows a series that has no observation yet, so that Prometheus sees the first one as a rise. */
  zero(labels: LabelsOf<Name>): void;
}

/** A gauge of the catalogue, likewise. */
export interface BoundGauge<Name extends ServiceMetricName> {
  /** Says what the value is. */
  set(labels: LabelsOf<Name>, value: number): void;
  /** Adds 1, or `value`. */
  inc(labels?: LabelsOf<Name>, value?: number): void;
  /** Takes 1, or `value`, off. */
  dec(labels?: LabelsOf<Name>, value?: number): void;
  /** Shows the series no more. */
  remove(labels?: LabelsOf<Name>): void;
  /**
   * Reads the value whenever the metrics are asked for. Where `read` answers nothing or fails the series is not shown.
   * The answered function ends that.
   */
  watch(labels: LabelsOf<Name>, read: () => Reading): () => void;
}

/** What a gauge is read as; nothing where there is nothing to show. */
export type Reading = number | undefined | Promise<number | undefined>;

/** What the instruments of one process share. */
export interface MetricSource {
  readonly service: string;
  readonly registry: Registry;
  readonly prefix: string;
}

interface Shape<Series> {
  readonly config: {
    readonly name: string;
    readonly help: string;
    readonly labelNames: string[];
    readonly registers: Registry[];
  };
  readonly series: SeriesBook<Series>;
}

function shapeOf<Series>(
  name: ServiceMetricName,
  { service, registry, prefix }: MetricSource,
  begin: (labels: SeriesLabels) => Series,
): Shape<Series> {
  const { help, labels, maxSeries }: Omit<ServiceMetricDefinition, 'name'> = serviceSeries[name];
  return {
    config: { name: `${prefix}${name}`, help, labelNames: [...labels], registers: [registry] },
    series: createSeriesBook({ labels, maxSeries, service, begin }),
  };
}

interface CounterSeries {
  readonly labels: SeriesLabels;
  value: number;
  exemplar: Exemplar | undefined;
}

export function boundCounter<Name extends ServiceMetricName>(
  name: Name,
  source: MetricSource,
): BoundCounter<Name> {
  const { config, series } = shapeOf<CounterSeries>(name, source, (labels) => ({
    labels,
    value: 0,
    exemplar: undefined,
  }));
  showOwnValues(new Counter(config), series.all, series.clear);
  return {
    inc(labels = {}, value = 1, span) {
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
        throw new RangeError(`${config.name}: expected a finite amount of 0 or more, got ${value}`);
      }
      const one = series.of(labels);
      one.value += value;
      if (value > 0) one.exemplar = exemplarOf(value, span) ?? one.exemplar;
    },
    zero(labels) {
      series.of(labels);
    },
  };
}

interface HistogramSeries {
  readonly labels: SeriesLabels;
  /** How many observations each bucket has of its own, the last one those above all bounds. */
  readonly counts: number[];
  readonly exemplars: (Exemplar | undefined)[];
  sum: number;
}

function histogramValues(name: string, bounds: readonly number[], series: HistogramSeries): OwnValue[] {
  const { labels, counts, exemplars, sum } = series;
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    const exemplar = exemplars[index];
    return {
      metricName: `${name}_bucket`,
      labels: { le: bounds[index] ?? '+Inf', ...labels },
      value: total,
      ...(exemplar && { exemplar }),
    };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: total },
  ];
}

export function boundHistogram<Name extends ServiceMetricName>(
  name: Name,
  source: MetricSource,
): BoundHistogram<Name> {
  const { buckets: bounds = [] }: Omit<ServiceMetricDefinition, 'name'> = serviceSeries[name];
  const { config, series } = shapeOf<HistogramSeries>(name, source, (labels) => ({
    labels,
    counts: new Array<number>(bounds.length + 1).fill(0),
    exemplars: [],
    sum: 0,
  }));
  showOwnValues(
    new Histogram({ ...config, buckets: [...bounds] }),
    () => series.all().flatMap((one) => histogramValues(config.name, bounds, one)),
    series.clear,
  );
  return {
    observe(labels, value, span) {
      if (!Number.isFinite(value)) {
        throw new RangeError(`${config.name}: expected a finite observation, got ${value}`);
      }
      const one = series.of(labels);
      let bucket = 0;
      while (bucket < bounds.length && value > (bounds[bucket] ?? value)) bucket++;
      one.counts[bucket] = (one.counts[bucket] ?? 0) + 1;
      one.sum += value;
      const exemplar = exemplarOf(value, span);
      if (exemplar) one.exemplars[bucket] = exemplar;
    },
    zero: (labels) => void series.of(labels),
  };
}

export function boundGauge<Name extends ServiceMetricName>(
  name: Name,
  source: MetricSource,
): BoundGauge<Name> {
  const { config, series } = shapeOf(name, source, (labels) => ({ ...labels }));
  const watched = new Map<Record<string, string>, () => Reading>();

  const gauge = new Gauge({
    ...config,
    async collect() {
      const readings = [...watched].map(async ([one, read]) => {
        const value = await Promise.resolve()
          .then(read)
          .catch(() => undefined);
        if (!watched.has(one)) return;
        if (value === undefined || Number.isNaN(value)) this.remove(one);
        else this.set(one, value);
      });
      await Promise.all(readings);
    },
  });
  return {
    set: (labels, value) => gauge.set(series.of(labels), value),
    inc: (labels = {}, value = 1) => gauge.inc(series.of(labels), value),
    dec: (labels = {}, value = 1) => gauge.dec(series.of(labels), value),
    remove: (labels = {}) => gauge.remove(series.of(labels)),
    watch(labels, read) {
      const one = series.of(labels);
      watched.set(one, read);
      return () => {
        if (watched.get(one) !== read) return;
        watched.delete(one);
        gauge.remove(one);
      };
    },
  };
}
