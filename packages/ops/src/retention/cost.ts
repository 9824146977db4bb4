import { DAY, formatDuration } from '../duration';
import { levelSeries, metricKinds } from './metricClasses';
import type { LogPolicy, MetricPolicy, Policies } from './policySchema';

/** A month, in days: what a price is of. */
const MONTH = 30;

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
interface CostLine {
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
  /** What was once stated, as the policy file records it. */
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

/** Calculates what the policies cost a month. */
export function calculateCost(policies: Policies, input: CostInput): Cost {
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

const dollars = (value: number): string => `$${value.toFixed(2)}`;
const gb = (value: number): string => `${value.toLocaleString('en-US', { maximumSignificantDigits: 4 })} GB`;

function lineText({
  what,
  tier,
  volume,
  gbPerDay,
  days,
  gb: kept,
  pricePerGbMonth,
  monthly,
}: CostLine): string {
  return `  ${what.padEnd(24)} ${tier.padEnd(5)} ${volume} = ${gb(gbPerDay)}/day; × ${Number(days.toFixed(2))} days = ${gb(kept)}; × $${pricePerGbMonth}/GB = ${dollars(monthly)}\n`;
}

const kinds = ['logs', 'metrics', 'traces'] as const;

/** The model for people: every product, the sums, and how they stand to what was stated. */
export function renderCost({ input, lines, totals, stated, logsAfter }: Cost): string {
  const { logsGbPerDay, tracesGbPerDay, series, scrapeInterval } = input;
  const parts = kinds.map((kind) => {
    const own = lines.filter((line) => line.kind === kind && line.monthly > 0);
    return `${kind}\n${own.map(lineText).join('')}  ${`${kind} a month`.padEnd(24)} ${dollars(totals[kind])}\n`;
  });
  const compared = [...kinds, 'total' as const].map(
    (kind) =>
      `  ${kind.padEnd(8)} calculated ${dollars(totals[kind]).padStart(10)}   stated ${dollars(stated[kind]).padStart(10)}   difference ${dollars(
        totals[kind] - stated[kind],
      )
        .replace('$-', '-$')
        .padStart(10)}\n`,
  );
  const { logsGbPerDay: atGb, hotPrice } = stated;
  const flat = atGb * MONTH * hotPrice;
  return [
    `${logsGbPerDay} GB of logs and ${tracesGbPerDay} GB of spans a day, ${series.toLocaleString('en-US')} series every ${scrapeInterval / 1_000} s; storage only, once everything has been kept for its whole time\n\n`,
    ...parts,
    `${'total a month'.padEnd(26)} ${dollars(totals.total)}\n\n`,
    'Beside what was stated:\n',
    ...compared,
    Math.abs(flat - stated.logs) < 0.01
      ? `The stated ${dollars(stated.logs)} for logs is ${atGb} GB × ${MONTH} days × $${hotPrice}: one month of lines on the dearest disk, not compressed, and nothing kept for longer.\n`
      : `The stated ${dollars(stated.logs)} for logs, of ${atGb} GB a day, follows from no price of the policies.\n`,
    'For metrics and traces no volume was stated, so nothing leads to those figures.\n',
    'It covers only the first month. Logs grow until the longest retention is over:\n',
    ...logsAfter.map(({ days, monthly }) => `  after ${days} days ${dollars(monthly)} a month\n`),
    `  at last ${dollars(totals.logs)} a month\n`,
  ].join('');
}
