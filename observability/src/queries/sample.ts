/** What a sample counts: `rate()` wants counters, and only a histogram's buckets have `le`. */
type SampleKind = 'counter' | 'gauge' | 'bucket' | 'unknown';

/** One name that an expression may select, with every label that a series of it can have. */
export interface KnownSample {
  readonly name: string;
  readonly kind: SampleKind;
  readonly labels: ReadonlySet<string>;
  /** The jobs whose targets have it; left out where no target has, as with recording rules. */
  readonly jobs?: ReadonlySet<string>;
}

/** A metric as its exposition declares it. */
export interface MetricShape {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'summary' | 'unknown';
  /** Without `le` and `quantile`. */
  readonly labels: readonly string[];
}

/** All samples by name, and the metrics that are no sample themselves. */
export interface KnownSamples {
  readonly samples: ReadonlyMap<string, KnownSample>;
  /** Histograms and what is asked for in their place. */
  readonly histograms: ReadonlySet<string>;
}

/** What Prometheus gives every series of a target: its own labels, and those that every target of ours carries. */
export const targetLabels: readonly string[] = ['job', 'instance', 'service', 'environment'];

/** The samples of one metric, by the names under which Prometheus keeps them. */
export function samplesOf({ name, kind, labels }: MetricShape, jobs: readonly string[]): KnownSample[] {
  const sample = (suffix: string, as: SampleKind, ...more: readonly string[]): KnownSample => ({
    name: `${name}${suffix}`,
    kind: as,
    labels: new Set([...targetLabels, ...labels, ...more]),
    jobs: new Set(jobs),
  });
  if (kind === 'histogram') {
    return [sample('_bucket', 'bucket', 'le'), sample('_sum', 'counter'), sample('_count', 'counter')];
  }
  if (kind === 'summary') {
    return [sample('', 'gauge', 'quantile'), sample('_sum', 'counter'), sample('_count', 'counter')];
  }
  return [sample('', kind)];
}

function union<Item>(one: ReadonlySet<Item>, other: ReadonlySet<Item>): ReadonlySet<Item> {
  return new Set([...one, ...other]);
}

/** Puts samples together; of a name that several jobs have, the labels and jobs of all. */
export function collectSamples(samples: Iterable<KnownSample>): ReadonlyMap<string, KnownSample> {
  const known = new Map<string, KnownSample>();
  for (const sample of samples) {
    const before = known.get(sample.name);
    const jobs =
      before?.jobs === undefined || sample.jobs === undefined
        ? (before?.jobs ?? sample.jobs)
        : union(before.jobs, sample.jobs);
    known.set(sample.name, {
      name: sample.name,
      kind: before && before.kind !== sample.kind ? 'unknown' : sample.kind,
      labels: before ? union(before.labels, sample.labels) : sample.labels,
      ...(jobs === undefined ? {} : { jobs }),
    });
  }
  return known;
}
