import {
  type ServiceMetricDefinition,
  type ServiceMetricLabel,
  type ServiceMetricName,
  serviceSeries,
} from '@artel/telemetry-protocol';
import type { SpanContext } from '@opentelemetry/api';
import { Counter, Gauge, Histogram, Registry, type RegistryContentType } from 'prom-client';
import { exemplarOf } from './exemplar';
import { createLabelGuard, type LabelGuard } from './labelGuard';

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
  set(labels: LabelsOf<Name>, value: number): void;
  inc(labels?: LabelsOf<Name>, value?: number): void;
  dec(labels?: LabelsOf<Name>, value?: number): void;
  remove(labels?: LabelsOf<Name>): void;
  /**
   * Reads the value whenever the metrics are asked for. Where `read` answers nothing or fails the series is not shown.
   * The answered function ends that.
   */
  watch(labels: LabelsOf<Name>, read: () => Reading): () => void;
}

type Reading = number | undefined | Promise<number | undefined>;

/** What the instruments of one process share. */
export interface MetricSource {
  readonly service: string;
  readonly registry: Registry;
  readonly prefix: string;
}

interface Shape {
  readonly config: {
    readonly name: string;
    readonly help: string;
    readonly labelNames: string[];
    readonly registers: Registry[];
  };
  readonly guard: LabelGuard;
}

function shapeOf(name: ServiceMetricName, { service, registry, prefix }: MetricSource): Shape {
  const { help, labels, maxSeries }: Omit<ServiceMetricDefinition, 'name'> = serviceSeries[name];
  return {
    config: { name: `${prefix}${name}`, help, labelNames: [...labels], registers: [registry] },
    guard: createLabelGuard({ labels, maxSeries, service }),
  };
}

/**
 * prom-client makes metrics with exemplars only for a registry that writes OpenMetrics, and looks at that once. The pages
 * are not written by it, so the registry keeps the type that its owner gave it.
 */
function withExemplars<Made>({ registry }: MetricSource, make: () => Made): Made {
  const either: Registry<RegistryContentType> = registry;
  const before = either.contentType;
  either.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  try {
    return make();
  } finally {
    either.setContentType(before);
  }
}

export function boundCounter<Name extends ServiceMetricName>(
  name: Name,
  source: MetricSource,
): BoundCounter<Name> {
  const { config, guard } = shapeOf(name, source);
  const counter = withExemplars(source, () => new Counter({ ...config, enableExemplars: true }));
  return {
    inc(labels = {}, value = 1, span) {
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
        throw new RangeError(`${config.name}: expected a finite amount of 0 or more, got ${value}`);
      }
      const exemplarLabels = value > 0 ? exemplarOf(span) : undefined;
      counter.inc({ labels: guard(labels), value, ...(exemplarLabels && { exemplarLabels }) });
    },
    zero: (labels) => counter.inc({ labels: guard(labels), value: 0 }),
  };
}

export function boundHistogram<Name extends ServiceMetricName>(
  name: Name,
  source: MetricSource,
): BoundHistogram<Name> {
  const { config, guard } = shapeOf(name, source);
  const { buckets = [] }: Omit<ServiceMetricDefinition, 'name'> = serviceSeries[name];
  const histogram = withExemplars(
    source,
    () => new Histogram({ ...config, buckets: [...buckets], enableExemplars: true }),
  );
  const shown = new Set<object>();
  return {
    observe(labels, value, span) {
      if (!Number.isFinite(value)) {
        throw new RangeError(`${config.name}: expected a finite observation, got ${value}`);
      }
      const series = guard(labels);
      shown.add(series);
      const exemplarLabels = exemplarOf(span);
      histogram.observe({ labels: series, value, ...(exemplarLabels && { exemplarLabels }) });
    },
    zero(labels) {
      const series = guard(labels);
      if (!shown.has(series)) histogram.zero(series);
      shown.add(series);
    },
  };
}

export function boundGauge<Name extends ServiceMetricName>(
  name: Name,
  source: MetricSource,
): BoundGauge<Name> {
  const { config, guard } = shapeOf(name, source);
  const watched = new Map<Record<string, string>, () => Reading>();

  const gauge = new Gauge({
    ...config,
    async collect() {
      const readings = [...watched].map(async ([series, read]) => {
        const value = await Promise.resolve()
          .then(read)
          .catch(() => undefined);
        if (!watched.has(series)) return;
        if (value === undefined || Number.isNaN(value)) this.remove(series);
        else this.set(series, value);
      });
      await Promise.all(readings);
    },
  });
  return {
    set: (labels, value) => gauge.set(guard(labels), value),
    inc: (labels = {}, value = 1) => gauge.inc(guard(labels), value),
    dec: (labels = {}, value = 1) => gauge.dec(guard(labels), value),
    remove: (labels = {}) => gauge.remove(guard(labels)),
    watch(labels, read) {
      const series = guard(labels);
      watched.set(series, read);
      return () => {
        if (watched.get(series) !== read) return;
        watched.delete(series);
        gauge.remove(series);
      };
    },
  };
}
