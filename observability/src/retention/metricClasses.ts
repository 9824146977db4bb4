import { formatDuration } from './duration';
import { type MetricKind, metricKinds, storedNames } from './metricKinds';
import type { MetricPolicy, Policies } from './policySchema';

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

/** The classes of series. Every name that there can be is of exactly one. */
export function metricClasses(policies: Policies): readonly MetricClass[] {
  const named: MetricClass[] = [];
  let recorded: MetricPolicy | undefined;
  let rest: readonly [string, MetricPolicy] = [
    'rest',
    { series: 'rest', retention: Infinity, downsampling: [], series_share: 0 },
  ];
  let recordedName = 'recorded';
  const taken = new Set<string>();
  for (const [name, policy] of Object.entries(policies.retention_policies.metrics)) {
    if (policy.series === 'recorded') [recorded, recordedName] = [policy, name];
    else if (policy.series === 'rest') rest = [name, policy];
    else {
      const stored = new Set(
        metricsOf(policies, policy).flatMap(([metric, kind]) => storedNames(metric, kind)),
      );
      const levels = levelsOfPolicy(policies, name);
      named.push({
        name,
        retention: policy.retention,
        has: (one) => stored.has(one),
        levelsOf: (one) => levels.filter(({ source }) => source === one),
      });
      for (const one of stored) taken.add(one);
      for (const level of policy.downsampling) {
        const records = new Set(
          levels.filter(({ resolution }) => resolution === level.resolution).map(({ record }) => record),
        );
        for (const one of records) taken.add(one);
        named.push({
          name: `${name} at ${formatDuration(level.resolution)}`,
          retention: level.retention,
          has: (one) => records.has(one),
          levelsOf: () => [],
        });
      }
    }
  }
  const isRecorded = (one: string): boolean => one.includes(':');
  return [
    ...named,
    {
      name: recordedName,
      retention: recorded?.retention ?? Infinity,
      has: (one) => isRecorded(one) && !taken.has(one),
      levelsOf: () => [],
    },
    {
      name: rest[0],
      retention: rest[1].retention,
      has: (one) => !isRecorded(one) && !taken.has(one),
      levelsOf: () => [],
    },
  ];
}
