import type { Catalogue } from '@artel/telemetry-protocol';
import type { Series } from '../series';
import { quantile } from './quantile';
import { createRing } from './ring';

/** Histograms of a few metrics over the latest steps of time, in the catalogue's buckets. */
export interface HistogramRing {
  /** Takes the observations of a series whose metric is one of the ring's; others are none of its business. */
  add(series: Series, second: number): void;
  /** What was observed in the `steps` steps up to `second`: one count for each bound, and one above the last. */
  counts(metric: string, second: number, steps: number): readonly number[];
  /** The quantile of that, rounded to three decimals, `null` where nothing was observed. */
  quantile(metric: string, second: number, steps: number, q: number): number | null;
  bounds(metric: string): readonly number[];
  clear(): void;
}

export interface HistogramRingOptions {
  readonly metrics: readonly string[];
  readonly catalogue: Catalogue;
  readonly slots: number;
  readonly step: number;
}

interface Place {
  readonly start: number;
  readonly bounds: readonly number[];
}

/** The quantile as it is shown: three decimals are more than a bucket tells. */
export function shownQuantile(
  bounds: readonly number[],
  counts: readonly number[],
  q: number,
): number | null {
  const value = quantile(bounds, counts, q);
  return value === null ? null : Math.round(value * 1_000) / 1_000;
}

export function createHistogramRing({
  metrics,
  catalogue,
  slots,
  step,
}: HistogramRingOptions): HistogramRing {
  const places = new Map<string, Place>();
  let columns = 0;
  for (const metric of metrics) {
    const bounds = catalogue.get(metric)?.buckets ?? [];
    places.set(metric, { start: columns, bounds });
    columns += bounds.length + 1;
  }
  const ring = createRing({ columns, slots, step });
  const placeOf = (metric: string): Place => places.get(metric) ?? { start: 0, bounds: [] };
  const counts = (metric: string, second: number, steps: number): readonly number[] => {
    const { start, bounds } = placeOf(metric);
    return ring.sums(second, steps, start, start + bounds.length + 1);
  };

  return {
    add(series, second) {
      const place = places.get(series.name);
      if (!place || series.kind !== 'histogram' || series.counts.length !== place.bounds.length + 1) return;
      const { counts: observed } = series;
      for (let bucket = 0; bucket < observed.length; bucket++) {
        const count = observed[bucket] ?? 0;
        if (count > 0) ring.add(second, place.start + bucket, count);
      }
    },
    counts,
    quantile: (metric, second, steps, q) =>
      shownQuantile(placeOf(metric).bounds, counts(metric, second, steps), q),
    bounds: (metric) => placeOf(metric).bounds,
    clear: ring.clear,
  };
}
