import type { LabelPair } from './series';

/** One observation of a series that a trace tells more of. */
export interface Exemplar {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  readonly value: number;
  /** Unix time in ms. */
  readonly at: number;
}

interface Sample {
  readonly labels: readonly LabelPair[];
  /** When the series began to count from zero, Unix time in ms; left out where nobody knows. */
  readonly created?: number;
}

export interface ExposedValue extends Sample {
  readonly value: number;
  readonly exemplar?: Exemplar;
}

export interface ExposedDistribution extends Sample {
  readonly bounds: readonly number[];
  /** Observations by bucket, each counted in one; the last stands for `+Inf`. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
  /** By the index of the bucket that the observation fell into. */
  readonly exemplars?: ReadonlyMap<number, Exemplar>;
}

/** A metric with its series, as `/metrics` shows it. */
export interface ExposedFamily {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly series: Iterable<ExposedValue | ExposedDistribution>;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

function escapeHelp(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
}

export function escapeValue(text: string): string {
  return escapeHelp(text).replace(/"/g, '\\"');
}

function labelText(labels: readonly LabelPair[]): string {
  return labels.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(',');
}

export function sampleText(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`;
}

/** The cumulative buckets of a distribution, the last of them `+Inf`. */
export function cumulative({
  bounds,
  counts,
  count,
}: Pick<ExposedDistribution, 'bounds' | 'counts' | 'count'>): {
  readonly bound: number;
  readonly below: number;
}[] {
  let below = 0;
  const buckets = bounds.map((bound, index) => {
    below += counts[index] ?? 0;
    return { bound, below };
  });
  return [...buckets, { bound: Number.POSITIVE_INFINITY, below: count }];
}

/** Families and their series in one order, so that two scrapes of one state are equal; those without series left out. */
export function sorted(families: Iterable<ExposedFamily>): {
  readonly family: ExposedFamily;
  readonly rows: readonly { readonly one: ExposedValue | ExposedDistribution; readonly labels: string }[];
}[] {
  return [...families]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((family) => ({
      family,
      rows: [...family.series]
        .map((one) => ({ one, labels: labelText(one.labels) }))
        .sort((a, b) => (a.labels < b.labels ? -1 : 1)),
    }))
    .filter(({ rows }) => rows.length > 0);
}

function distributionLines(name: string, labels: string, distribution: ExposedDistribution): string[] {
  const before = labels === '' ? '' : `${labels},`;
  return [
    ...cumulative(distribution).map(({ bound, below }) =>
      sampleText(
        `${name}_bucket`,
        `${before}le="${bound === Number.POSITIVE_INFINITY ? '+Inf' : bound}"`,
        below,
      ),
    ),
    sampleText(`${name}_sum`, labels, distribution.sum),
    sampleText(`${name}_count`, labels, distribution.count),
  ];
}

/**
 * Writes families as Prometheus text 0.0.4, sorted by name and by labels, so that two scrapes of one state are equal.
 * A family without series is left out.
 */
export function exposition(families: Iterable<ExposedFamily>): string {
  const lines: string[] = [];
  for (const { family, rows } of sorted(families)) {
    const { name, kind, help } = family;
    lines.push(`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${kind}`);
    for (const { one, labels } of rows) {
      if ('value' in one) lines.push(sampleText(name, labels, one.value));
      else lines.push(...distributionLines(name, labels, one));
    }
  }
  return `${lines.join('\n')}\n`;
}
