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

export type LabelPair = readonly [name: string, value: string];

interface Identity {
  /** The family's name. */
  readonly name: string;
  /** Sorted by name, none empty: to Prometheus an empty label is none. */
  readonly labels: readonly LabelPair[];
  /** When it began to count from zero, Unix time in ms; left out by stores that are older than this field. */
  readonly created?: number;
}

export interface CounterSeries extends Identity {
  readonly kind: 'counter';
  readonly value: number;
}

export interface HistogramSeries extends Identity {
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

/** Index of the bucket that a value falls into; `bounds.length` stands for `+Inf`. */
export function bucketOf(bounds: readonly number[], value: number): number {
  const index = bounds.findIndex((bound) => value <= bound);
  return index < 0 ? bounds.length : index;
}

/** A series that has seen `values`: a counter adds them up, a histogram takes each as an observation. */
export function createSeries(
  { name, kind, buckets }: Pick<Family, 'name' | 'kind' | 'buckets'>,
  labels: readonly LabelPair[],
  values: readonly number[],
): Series {
  const sum = values.reduce((total, value) => total + value, 0);
  if (kind === 'counter') return { kind, name, labels, value: sum };
  const counts = new Array<number>(buckets.length + 1).fill(0);
  for (const value of values) {
    const bucket = bucketOf(buckets, value);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return { kind, name, labels, bounds: buckets, counts, sum, count: values.length };
}

/** `base` with `delta` added, under the identity of `base`. Both must be of one kind, with the same bounds. */
export function mergeSeries(base: Series, delta: Series): Series {
  if (base.kind === 'counter' && delta.kind === 'counter')
    return { ...base, value: base.value + delta.value };
  if (base.kind === 'histogram' && delta.kind === 'histogram' && base.counts.length === delta.counts.length) {
    return {
      ...base,
      counts: base.counts.map((count, bucket) => count + (delta.counts[bucket] ?? 0)),
      sum: base.sum + delta.sum,
      count: base.count + delta.count,
    };
  }
  throw new TypeError(`${base.name}: a ${delta.kind} cannot be added to a ${base.kind}`);
}

/** Tells whether a stored series is still of its family; after a change of kind or buckets it is not. */
export function fits(series: Series, family: Family): boolean {
  if (series.kind !== family.kind) return false;
  if (series.kind === 'counter') return true;
  const { bounds } = series;
  return bounds.length === family.buckets.length && bounds.every((bound, i) => bound === family.buckets[i]);
}
