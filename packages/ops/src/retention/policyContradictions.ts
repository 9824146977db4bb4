import { formatDuration } from '../duration';
import { metricKinds } from './metricClasses';
import type { LogPolicy, MetricPolicy, Policies } from './policySchema';

function logProblems(name: string, policy: LogPolicy): string[] {
  const ages = ['hot_tier', 'warm_tier', 'cold_tier', 'deletion'] as const;
  return ages.slice(1).flatMap((field, index) => {
    const before = ages[index] ?? 'hot_tier';
    if (policy[field] > policy[before]) return [];
    const [age, earlier] = [formatDuration(policy[field]), formatDuration(policy[before])];
    return [
      `logs.${name}.${field}: ${age} is no longer than ${before} (${earlier}), expected it to end later`,
    ];
  });
}

function levelProblems(name: string, { retention, downsampling, levels }: MetricPolicy): string[] {
  const problems: string[] = [];
  for (const [index, { resolution, retention: kept }] of levels.entries()) {
    const at = `metrics.${name}.levels[${index}]`;
    const last = levels[index - 1];
    if (last && (resolution <= last.resolution || kept <= last.retention))
      problems.push(`${at}: expected it to be coarser than the one before, and to be kept longer`);
  }
  let before = { what: 'the raw samples', resolution: 0, retention };
  for (const [index, level] of downsampling.entries()) {
    const at = `metrics.${name}.downsampling[${index}]`;
    const [resolution, kept] = [formatDuration(level.resolution), formatDuration(level.retention)];
    if (level.resolution <= before.resolution)
      problems.push(`${at}.resolution: ${resolution} is no coarser than ${before.what}`);
    if (level.retention <= before.retention)
      problems.push(
        `${at}.retention: ${kept} is no longer than that of ${before.what} (${formatDuration(before.retention)}): the level would be of no use`,
      );
    // A rule reads as much as its interval, and it may be made up for after an outage.
    if (level.resolution * 2 > retention)
      problems.push(
        `${at}.resolution: ${resolution} needs raw samples of ${formatDuration(level.resolution * 2)}, retention keeps ${formatDuration(retention)}`,
      );
    before = { what: `the level of ${resolution}`, ...level };
  }
  return problems;
}

function seriesProblems(metrics: Readonly<Record<string, MetricPolicy>>): string[] {
  const problems: string[] = [];
  const claimed = new Map<string, string>();
  const claim = (what: string, at: string): void => {
    const other = claimed.get(what);
    if (other === undefined) claimed.set(what, at);
    else problems.push(`${at}: ${what} belongs to ${other} already`);
  };
  for (const [name, { series, downsampling, levels }] of Object.entries(metrics)) {
    const at = `metrics.${name}.series`;
    if (series !== 'recorded' && levels.length > 0)
      problems.push(`metrics.${name}.levels: only recorded series are levels by their name`);
    if (typeof series === 'string') {
      claim(series, at);
      if (series !== 'catalogue' && downsampling.length > 0)
        problems.push(
          `metrics.${name}.downsampling: only metrics of the catalogue can be downsampled, not ${series}`,
        );
      continue;
    }
    for (const [index, one] of series.entries()) {
      claim(one, `${at}[${index}]`);
      if (!metricKinds.has(one)) problems.push(`${at}[${index}]: ${one} is in no catalogue`);
    }
  }
  for (const needed of ['catalogue', 'recorded', 'rest'])
    if (!claimed.has(needed))
      problems.push(`metrics: no policy has series: ${needed}, so nothing would ever go`);
  return problems;
}

function sumProblem(at: string, parts: readonly number[]): string[] {
  const sum = parts.reduce((total, part) => total + part, 0);
  return Math.abs(sum - 1) < 1e-9 ? [] : [`${at} come to ${Number(sum.toFixed(6))} together, expected 1`];
}

/** What contradicts in policies whose fields are each right: orders, overlaps and sums. Each problem names its field. */
export function policyContradictions({ retention_policies, cleanup, cost_optimization }: Policies): string[] {
  const { logs, metrics, traces } = retention_policies;
  const defaults = Object.entries(logs).filter(([, { streams }]) => streams === undefined);
  const { traces: plain, error_traces: failed } = traces;
  const { logs_monthly, metrics_monthly, traces_monthly, total_monthly } = cost_optimization.stated_costs;
  return [
    ...Object.entries(logs).flatMap(([name, policy]) => logProblems(name, policy)),
    ...(defaults.length === 1
      ? []
      : [
          `logs: ${defaults.length} policies have no streams, expected exactly one, for all that the others leave`,
        ]),
    ...sumProblem(
      'logs.*.volume_share',
      Object.values(logs).map(({ volume_share }) => volume_share),
    ),
    ...Object.entries(metrics).flatMap(([name, policy]) => levelProblems(name, policy)),
    ...seriesProblems(metrics),
    ...sumProblem(
      'metrics.*.series_share',
      Object.values(metrics).map(({ series_share }) => series_share),
    ),
    ...sumProblem('traces.*.volume_share', [plain.volume_share, failed.volume_share]),
    ...(plain.tenant === failed.tenant
      ? [`traces.error_traces.tenant: ${failed.tenant} is that of traces too, expected another`]
      : []),
    ...(failed.sampling_rate < plain.sampling_rate
      ? ['traces.error_traces.sampling_rate: less than that of traces, expected errors to be kept first']
      : []),
    ...(failed.retention < plain.retention
      ? ['traces.error_traces.retention: shorter than that of traces, expected errors to be kept longer']
      : []),
    ...(Math.abs(logs_monthly + metrics_monthly + traces_monthly - total_monthly) < 0.01
      ? []
      : [`cost_optimization.stated_costs.total_monthly: ${total_monthly} is not the sum of the three`]),
    ...(cleanup.max_clock_skew > 3_600_000
      ? ['cleanup.max_clock_skew: more than 1h, expected what two clocks may differ by']
      : []),
  ];
}
