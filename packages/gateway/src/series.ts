/** A metric under the name and the kind that Prometheus sees. */
export interface Family {
  readonly name: string;
  readonly kind: 'counter' | 'histogram';
  readonly help: string;
  /** Upper bounds of a histogram's buckets, ascending, without `+Inf`. */
  readonly buckets: readonly number[];
  readonly maxSeries: number;
  /** False for what the catalogue does not define. */
  readonly known: boolean;
}

/** A label and its value. */
export type LabelPair = readonly [name: string, value: string];

interface Identity {
  /** The family's name. */
  readonly name: string;
  /** Sorted by name, none empty: to Prometheus an empty label is none. */
  readonly labels: readonly LabelPair[];
  /** When it began to count from zero, Unix time in ms; left out by stores that are older than this field. */
  readonly created?: number;
}

/** A counter's sum so far, or what a batch adds to it. */
interface CounterSeries extends Identity {
  readonly kind: 'counter';
  readonly value: number;
}

/** A histogram's observations so far, or those that a batch adds. */
interface HistogramSeries extends Identity {
  readonly kind: 'histogram';
  readonly bounds: readonly number[];
  /** Observations by bucket, each counted in one; the last stands for `+Inf`. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** The state of a series, and just as well what a batch adds to it: they merge by addition. */
export type Series = CounterSeries | HistogramSeries;

/** Names a series among all others, by exposed name and sorted labels. */
export function seriesKey(name: string, labels: readonly LabelPair[]): string {
  return `${name}{${labels.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };

/** A series that nobody reads yet, and that is added to in place: one object for all the points of a group. */
export type GrowingSeries =
  | Growing<CounterSeries>
  | (Growing<Omit<HistogramSeries, 'counts'>> & { readonly counts: number[] });

/** Index of the bucket that a value falls into; `bounds.length` stands for `+Inf`. */
export function bucketOf(bounds: readonly number[], value: number): number {
  let bucket = 0;
  // The last comparison is with `undefined`, which nothing is above.
  while (value > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++;
  return bucket;
}

/** A series that has seen nothing. */
export function startSeries(
  { name, kind, buckets }: Pick<Family, 'name' | 'kind' | 'buckets'>,
  labels: readonly LabelPair[],
): GrowingSeries {
  if (kind === 'counter') return { kind, name, labels, value: 0 };
  const counts = new Array<number>(buckets.length + 1).fill(0);
  return { kind, name, labels, bounds: buckets, counts, sum: 0, count: 0 };
}

/** Lets a series see one more value: a counter adds it up, a histogram takes it as an observation. */
export function addValue(series: GrowingSeries, value: number): void {
  if (series.kind === 'counter') {
    series.value += value;
    return;
  }
  const bucket = bucketOf(series.bounds, value);
  series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
  series.sum += value;
  series.count++;
}

/** Adds all that `delta` has seen. Both must be of one kind, with the same bounds. */
export function addSeries(series: GrowingSeries, delta: Series): void {
  if (series.kind === 'counter' && delta.kind === 'counter') {
    series.value += delta.value;
    return;
  }
  if (
    series.kind !== 'histogram' ||
    delta.kind !== 'histogram' ||
    series.counts.length !== delta.counts.length
  ) {
    throw new TypeError(`${series.name}: a ${delta.kind} cannot be added to a ${series.kind}`);
  }
  for (const [bucket, count] of delta.counts.entries()) {
    if (count > 0) series.counts[bucket] = (series.counts[bucket] ?? 0) + count;
  }
  series.sum += delta.sum;
  series.count += delta.count;
}

/** A copy that may grow without the other. */
export function copySeries(series: Series): GrowingSeries {
  return series.kind === 'counter' ? { ...series } : { ...series, counts: [...series.counts] };
}

/** A series that has seen `values`. */
export function createSeries(
  family: Pick<Family, 'name' | 'kind' | 'buckets'>,
  labels: readonly LabelPair[],
  values: readonly number[],
): Series {
  const series = startSeries(family, labels);
  for (const value of values) addValue(series, value);
  return series;
}

/** `base` with `delta` added, under the identity of `base`. */
export function mergeSeries(base: Series, delta: Series): Series {
  const merged = copySeries(base);
  addSeries(merged, delta);
  return merged;
}

/** Tells whether a stored series is still of its family; after a change of kind or buckets it is not. */
export function fits(series: Series, family: Family): boolean {
  if (series.kind !== family.kind) return false;
  if (series.kind === 'counter') return true;
  const { bounds } = series;
  return bounds.length === family.buckets.length && bounds.every((bound, i) => bound === family.buckets[i]);
}
