import {
  type Catalogue,
  droppedMetric,
  endpointTemplate,
  limits,
  type MetricDefinition,
  type MetricPoint,
} from '@artel/telemetry-protocol';
import { valueProblem } from '@artel/telemetry-protocol/check';
import { scrubText, truncate } from '@artel/telemetry-protocol/scrub';
import { type Family, type LabelPair, seriesKey } from './series';

export interface ResolveOptions {
  readonly catalogue: Catalogue;
  readonly strict: boolean;
  /** Labels that `/metrics` puts on every series; what a batch sends under such a name becomes `exported_…`. */
  readonly constantLabels?: readonly string[];
}

/** The series that a point adds to, or why it cannot. */
export type Resolution =
  | {
      readonly ok: true;
      readonly family: Family;
      readonly labels: readonly LabelPair[];
      /** Names the series among all others. */
      readonly key: string;
    }
  | { readonly ok: false; readonly reason: string };

const MAX_UNKNOWN_LABELS = 8;
const MAX_UNKNOWN_SERIES = 200;

const bucketsBySuffix: readonly (readonly [suffix: string, buckets: readonly number[]])[] = [
  ['_ms', [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000]],
  ['_seconds', [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]],
  ['_bytes', [64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864]],
  ['_ratio', [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]],
  ['_percent', [1, 5, 10, 25, 50, 75, 90, 95, 99, 100]],
];
const generalBuckets = [0.01, 0.1, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000, 1_000_000];

export function knownFamily({ name, kind, help, buckets = [], maxSeries }: MetricDefinition): Family {
  return { name, kind, help, buckets, maxSeries, known: true };
}

/** The family of a metric that no catalogue defines, by nothing but its exposed name and kind. */
export function unknownFamily(name: string, kind: Family['kind']): Family {
  const suffixed = bucketsBySuffix.find(([suffix]) => name.endsWith(suffix));
  return {
    name,
    kind,
    help: 'Sent by the app; not in the catalogue.',
    buckets: kind === 'histogram' ? (suffixed?.[1] ?? generalBuckets) : [],
    maxSeries: MAX_UNKNOWN_SERIES,
    known: false,
  };
}

function kindOfUnknown({ name, values }: MetricPoint): Family['kind'] {
  if (values !== undefined) return 'histogram';
  if (name.endsWith('_total')) return 'counter';
  return bucketsBySuffix.some(([suffix]) => name.endsWith(suffix)) ? 'histogram' : 'counter';
}

/** A label's value as a series may carry it: scrubbed, and paths made templates, or each id would be a series. */
export function labelValue(name: string, value: string): string {
  const isPath = name === 'endpoint' || (name === 'page' && value.startsWith('/'));
  const clean = scrubText(isPath && value !== '' ? endpointTemplate(value) : value);
  // Lone surrogates all become U+FFFD in UTF-8: left as they are, two series could look the same to Prometheus.
  return truncate(clean, limits.labelValueLength).replace(/\p{Cs}/gu, '\ufffd');
}

/** What a declared list lets through as another's value, so that no series is made of it. */
const OTHER = 'other';

/** Of a label whose values an app has declared, a value that is none of them. */
function undeclared({ labels }: MetricPoint, { values = {} }: MetricDefinition): string[] {
  return Object.keys(values).filter((name) => {
    const value = labels?.[name];
    return value !== undefined && value !== '' && value !== OTHER && !values[name]?.includes(value);
  });
}

function labelPairs(
  labels: MetricPoint['labels'],
  names: readonly string[],
  constant: readonly string[],
): LabelPair[] {
  const pairs = new Map<string, string>();
  for (const name of [...names].sort()) {
    // As Prometheus does with labels that its targets and its own configuration both have.
    const shown = constant.includes(name) ? `exported_${name}` : name;
    const value = labelValue(name, labels?.[name] ?? '');
    if (value !== '') pairs.set(shown, value);
  }
  return constant.length === 0 ? [...pairs] : [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
}

function refuse(reason: string): Resolution {
  return { ok: false, reason };
}

/** What a point brings to its series: observations, or one increment. */
export function valuesOf({ value = 1, values }: MetricPoint): readonly number[] {
  return values ?? [value];
}

/** Finds the series of a point that `checkPoint` has passed. Pure: who has room for it is not asked here. */
export function resolveMetric(
  point: MetricPoint,
  { catalogue, strict, constantLabels = [] }: ResolveOptions,
): Resolution {
  const { name, value = 1, values } = point;
  const kind = kindOfUnknown(point);
  // count('shots') and count('shots_total') are one series, and count('user_action') is the catalogue's.
  const exposed = kind === 'counter' && !name.endsWith('_total') ? `${name}_total` : name;
  const definition = catalogue.get(name) ?? catalogue.get(exposed);
  if (exposed === droppedMetric.name || name === droppedMetric.name) {
    return refuse(`name: ${name} is reserved`);
  }
  const labelNames = Object.keys(point.labels ?? {});
  if (!definition) {
    if (strict) return refuse(`name: ${name} is not in the catalogue, and this gateway takes no other`);
    if (labelNames.length > MAX_UNKNOWN_LABELS) {
      const limit = `the limit for a metric outside the catalogue is ${MAX_UNKNOWN_LABELS}`;
      return refuse(`labels: ${labelNames.length} labels, ${limit}`);
    }
    // A histogram x is exposed as x_bucket, x_sum and x_count, which another family must not be named.
    if (kind === 'histogram' && /_(?:total|sum|count|bucket)$/.test(name)) {
      return refuse(
        `values: ${name} is no name for a histogram, it ends like a counter or a histogram's part`,
      );
    }
  }
  const family = definition ? knownFamily(definition) : unknownFamily(exposed, kind);
  if (family.kind === 'counter') {
    const problem =
      values === undefined ? valueProblem(value, 'counter') : `values: ${name} is a counter, it takes value`;
    if (problem) return refuse(problem);
  }
  let given = point.labels;
  for (const label of definition?.values ? undeclared(point, definition) : []) {
    if (strict)
      return refuse(`labels.${label}: ${given?.[label]} is not declared, and this gateway takes no other`);
    given = { ...given, [label]: OTHER };
  }
  const labels = labelPairs(given, definition ? definition.labels : labelNames, constantLabels);
  return { ok: true, family, labels, key: seriesKey(family.name, labels) };
}
