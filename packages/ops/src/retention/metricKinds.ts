import { browserCatalogue, droppedMetric, serviceCatalogue } from '@artel/telemetry-protocol';

export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** The kind of every metric of the two catalogues, by name: what can be downsampled. */
export const metricKinds: ReadonlyMap<string, MetricKind> = new Map(
  [...browserCatalogue.values(), droppedMetric, ...serviceCatalogue.values()].map(({ name, kind }) => [
    name,
    kind,
  ]),
);

/** The names under which Prometheus keeps a metric. */
export function storedNames(name: string, kind: MetricKind): readonly string[] {
  return kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}
