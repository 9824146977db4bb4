import { DAY, formatDuration } from '../duration';
import { levelSeries } from '../metricClasses';
import { metricKinds } from '../metricKinds';
import type { LogPolicy, MetricPolicy, Policies } from '../policySchema';

/** A month, in days: what a price is of. */
export const MONTH = 30;

export interface CostInput {
  /** GB of log lines a day, before compression. */
  readonly logsGbPerDay: number;
  /** GB of spans a day, before sampling. */
  readonly tracesGbPerDay: number;
  /** Active series. */
  readonly series: number;
  /** Ms between two samples of a series. */
  readonly scrapeInterval: number;
}

/** One product of the model: what is kept of something in one tier, once the longest has been kept for its whole time. */
export interface CostLine {
  readonly kind: 'logs' | 'metrics' | 'traces';
  readonly what: string;
  readonly tier: 'hot' | 'warm' | 'cold';
  /** GB a day that go into the tier. */
  readonly gbPerDay: number;
  /** How they come about, in figures. */
  readonly volume: string;
  readonly days: number;
  readonly gb: number;
  readonly pricePerGbMonth: number;
  /** Dollars. */
  readonly monthly: number;
}

export interface Cost {
  readonly input: CostInput;
  readonly lines: readonly CostLine[];
  readonly totals: Readonly<Record<CostLine['kind'] | 'total', number>>;
  /** What the policy file says it was once said to be. */
  readonly stated: Readonly<Record<CostLine['kind'] | 'total' | 'logsGbPerDay' | 'hotPrice', number>>;
  /** The logs' cost once one day's, one month's or one year's lines are all there are yet. */
  readonly logsAfter: readonly { readonly days: number; readonly monthly: number }[];
}

const figure = (value: number): string => String(Number(value.toPrecision(4)));

interface Span {
  readonly tier: CostLine['tier'];
  /** Days of age. */
  readonly from: number;
  readonly to: number;
}

/** The cold tier lasts until deletion: there is no cheaper one. */
function tiersOf({ hot_tier, warm_tier, deletion }: LogPolicy): readonly Span[] {
  const [hot, warm, end] = [hot_tier / DAY, warm_tier / DAY, deletion / DAY];
  return [
    { tier: 'hot', from: 0, to: hot },
    { tier: 'warm', from: hot, to: warm },
    { tier: 'cold', from: warm, to: end },
  ];
}

/** Reckons what the policies cost a month. */
export function reckonCost(policies: Policies, input: CostInput): Cost {
  const { retention_policies, cost_optimization } = policies;
  const { compression, storage_tiers, stated_costs } = cost_optimization;

  const line = (
    kind: CostLine['kind'],
    what: string,
    tier: CostLine['tier'],
    gbPerDay: number,
    volume: string,
    days: number,
  ): CostLine => {
    const pricePerGbMonth = storage_tiers[tier].cost_per_gb_month;
    const gb = gbPerDay * days;
    return { kind, what, tier, gbPerDay, volume, days, gb, pricePerGbMonth, monthly: gb * pricePerGbMonth };
  };

  const logsUntil = (days: number): CostLine[] =>
    Object.entries(retention_policies.logs).flatMap(([name, policy]) => {
      const gbPerDay = (input.logsGbPerDay * policy.volume_share) / compression.ratio;
      const volume = `${figure(input.logsGbPerDay)} GB × ${policy.volume_share} ÷ ${compression.ratio}`;
      return tiersOf(policy).map(({ tier, from, to }) =>
        line('logs', name, tier, gbPerDay, volume, Math.max(0, Math.min(to, days) - from)),
      );
    });

  const lines = [
    ...logsUntil(Number.POSITIVE_INFINITY),
    ...Object.entries(retention_policies.metrics).flatMap(([name, policy]) =>
      seriesOf(policies, name, policy, input).map(({ what, series, interval, retention }) => {
        const gbPerDay = (series * (DAY / interval) * compression.bytes_per_sample) / 1e9;
        const volume = `${figure(series)} series × ${figure(DAY / interval)} samples × ${compression.bytes_per_sample} B`;
        // Prometheus has no tiers: all of it lies on the disk that queries read.
        return line('metrics', what, 'hot', gbPerDay, volume, retention / DAY);
      }),
    ),
    ...Object.entries(retention_policies.traces).map(([name, policy]) => {
      const { volume_share, sampling_rate, retention } = policy;
      const gbPerDay = (input.tracesGbPerDay * volume_share * sampling_rate) / compression.trace_ratio;
      const volume = `${figure(input.tracesGbPerDay)} GB × ${volume_share} × ${sampling_rate} ÷ ${compression.trace_ratio}`;
      return line('traces', name, 'hot', gbPerDay, volume, retention / DAY);
    }),
  ];
  const sum = (some: readonly CostLine[]): number => some.reduce((total, { monthly }) => total + monthly, 0);
  const of = (kind: CostLine['kind']): number => sum(lines.filter((one) => one.kind === kind));
  return {
    input,
    lines,
    totals: { logs: of('logs'), metrics: of('metrics'), traces: of('traces'), total: sum(lines) },
    stated: {
      logs: stated_costs.logs_monthly,
      metrics: stated_costs.metrics_monthly,
      traces: stated_costs.traces_monthly,
      total: stated_costs.total_monthly,
      logsGbPerDay: stated_costs.logs_gb_per_day,
      hotPrice: storage_tiers.hot.cost_per_gb_month,
    },
    logsAfter: [MONTH, 365].map((days) => ({ days, monthly: sum(logsUntil(days)) })),
  };
}

interface Kept {
  readonly what: string;
  readonly series: number;
  readonly interval: number;
  readonly retention: number;
}

/** A policy's raw series and its levels; of a gauge a level has two. */
function seriesOf(
  { retention_policies: { metrics } }: Policies,
  name: string,
  { series_share, retention, downsampling, series }: MetricPolicy,
  input: CostInput,
): readonly Kept[] {
  const raw = input.series * series_share;
  const listed = Object.values(metrics).flatMap((one) => (Array.isArray(one.series) ? one.series : []));
  const kinds = [...metricKinds].filter(([metric]) =>
    Array.isArray(series) ? series.includes(metric) : !listed.includes(metric),
  );
  return [
    { what: name, series: raw, interval: input.scrapeInterval, retention },
    ...downsampling.map((level) => {
      const counts = kinds.map(([metric, kind]) => ({
        made: levelSeries(metric, kind, level).length,
        of: kind === 'histogram' ? 3 : 1,
      }));
      const made = counts.reduce((sum, one) => sum + one.made, 0);
      const of = counts.reduce((sum, one) => sum + one.of, 0);
      return {
        what: `${name} at ${formatDuration(level.resolution)}`,
        series: raw * (of > 0 ? made / of : 0),
        interval: level.resolution,
        retention: level.retention,
      };
    }),
  ];
}
