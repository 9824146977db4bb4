import { browserCatalogue, droppedMetric, serviceCatalogue } from '@artel/telemetry-protocol';
import { formatDuration } from '../duration';
import type { MetricPolicy, Policies } from './policySchema';

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

/** A level of a metric: the recording rule that makes it, and how long its samples are kept. */
export interface LevelSeries {
  readonly record: string;
  readonly expr: string;
  /** The name under which Prometheus has what it is made of. */
  readonly source: string;
  readonly resolution: number;
  readonly retention: number;
}

const PREFIX = 'downsampled_';

/**
 * The series of one level of a metric. A counter or histogram becomes its increase over the interval, which can be added up
 * over time and survives restarts; a gauge becomes its mean and its highest value. Instances are put together.
 */
export function levelSeries(
  name: string,
  kind: MetricKind,
  { resolution, retention }: MetricPolicy['downsampling'][number],
): readonly LevelSeries[] {
  const r = formatDuration(resolution);
  const make = (source: string, outer: string, over: string, short: string): LevelSeries => ({
    record: `${PREFIX}${r}:${source}:${short}${r}`,
    expr: `${outer} without (instance) (${over}(${source}[${r}]))`,
    source,
    resolution,
    retention,
  });
  if (kind === 'gauge')
    return [make(name, 'sum', 'avg_over_time', 'avg'), make(name, 'max', 'max_over_time', 'max')];
  return storedNames(name, kind).map((stored) => make(stored, 'sum', 'increase', 'increase'));
}

/** What becomes of one group of series. */
export interface MetricClass {
  /** The policy's name; of a level `business at 1h`. */
  readonly name: string;
  readonly retention: number;
  /** Whether a name, as Prometheus has it, is of this class. */
  has(name: string): boolean;
  /** The names of the class as a regular expression, where they are known by their form alone. */
  readonly pattern?: string;
  /** The levels that have to cover samples before these go. */
  levelsOf(name: string): readonly LevelSeries[];
}

/** The metrics of the catalogue that a policy downsamples, with their levels. */
export function levelsOfPolicy(policies: Policies, policyName: string): readonly LevelSeries[] {
  const policy = policies.retention_policies.metrics[policyName];
  if (!policy) throw new Error(`there is no metric policy ${policyName}`);
  return policy.downsampling.flatMap((level) =>
    metricsOf(policies, policy).flatMap(([name, kind]) => levelSeries(name, kind, level)),
  );
}

function metricsOf(
  { retention_policies: { metrics } }: Policies,
  { series }: MetricPolicy,
): readonly (readonly [string, MetricKind])[] {
  if (series === 'recorded' || series === 'rest') return [];
  const listed = new Set(
    Object.values(metrics).flatMap((one) => (Array.isArray(one.series) ? one.series : [])),
  );
  return [...metricKinds].filter(([name]) =>
    series === 'catalogue' ? !listed.has(name) : series.includes(name),
  );
}

/** The names of recorded series that sum up an interval: `app:user_action:increase1h`, `instance:cpu_busy:ratio_avg5m`. */
function levelPattern(resolution: number): string {
  return `[^:]+:[^:]+:(?:increase|\\w*_avg)${formatDuration(resolution, 'd')}`;
}

/** The classes of one policy over metrics of the catalogue: their raw series, and each of their levels. */
function classesOf(policies: Policies, name: string, policy: MetricPolicy): readonly MetricClass[] {
  const stored = new Set(metricsOf(policies, policy).flatMap(([metric, kind]) => storedNames(metric, kind)));
  const levels = levelsOfPolicy(policies, name);
  return [
    {
      name,
      retention: policy.retention,
      has: (one) => stored.has(one),
      levelsOf: (one) => levels.filter(({ source }) => source === one),
    },
    ...policy.downsampling.map(({ resolution, retention }): MetricClass => {
      const own = levels.filter((level) => level.resolution === resolution);
      const records = new Set(own.map(({ record }) => record));
      return {
        name: `${name} at ${formatDuration(resolution)}`,
        retention,
        has: (one) => records.has(one),
        levelsOf: () => [],
      };
    }),
  ];
}

/** The classes of series. Every name that there can be is of exactly one. Throws for policies that were not checked. */
export function metricClasses(policies: Policies): readonly MetricClass[] {
  const all = Object.entries(policies.retention_policies.metrics);
  const only = (series: 'recorded' | 'rest'): readonly [string, MetricPolicy] => {
    const found = all.find(([, policy]) => policy.series === series);
    if (!found) throw new Error(`there is no metric policy for ${series}`);
    return found;
  };
  const named = all
    .filter(([, { series }]) => series !== 'recorded' && series !== 'rest')
    .flatMap(([name, policy]) => classesOf(policies, name, policy));
  const isNamed = (one: string): boolean => named.some(({ has }) => has(one));
  const [recordedName, recorded] = only('recorded');
  const [restName, rest] = only('rest');
  const byForm = recorded.levels.map(({ resolution, retention }): MetricClass => {
    const pattern = levelPattern(resolution);
    const form = new RegExp(`^${pattern}$`);
    return {
      name: `${recordedName} at ${formatDuration(resolution, 'd')}`,
      retention,
      pattern,
      has: (one) => form.test(one) && !isNamed(one),
      levelsOf: () => [],
    };
  });
  const others = (one: string): boolean => !isNamed(one) && !byForm.some(({ has }) => has(one));
  return [
    ...named,
    ...byForm,
    {
      name: recordedName,
      retention: recorded.retention,
      has: (one) => one.includes(':') && others(one),
      levelsOf: () => [],
    },
    {
      name: restName,
      retention: rest.retention,
      has: (one) => !one.includes(':') && others(one),
      levelsOf: () => [],
    },
  ];
}
