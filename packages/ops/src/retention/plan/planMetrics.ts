import { DAY, lastExpired, startOfDay } from '../../duration';
import type { Prometheus } from '../../stores/prometheus';
import { type MetricClass, metricClasses } from '../metricClasses';
import type { Policies } from '../policySchema';
import { createCoverageCheck, type Gap, gapText, selectorOf } from './coverage';
import { prometheusDrift } from './drift';
import { type Drift, type PlanItem, planItem, type Refusal } from './plan';

export interface MetricsPlan {
  readonly items: readonly PlanItem[];
  readonly refusals: readonly Refusal[];
  readonly drift: readonly Drift[];
}

export interface PlanMetricsOptions {
  readonly policies: Policies;
  readonly prometheus: Prometheus;
  /** Unix ms. */
  readonly now: number;
  /** Names of series whose gaps are put up with. */
  readonly acceptGaps: ReadonlySet<string>;
}

interface Expired {
  readonly name: string;
  readonly samples: number;
  readonly series: number;
}

/** Several queries at a time, and no more, so that nobody else waits for them. */
const TOGETHER = 4;

async function inTurns<One, Made>(all: readonly One[], make: (one: One) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (let at = 0; at < all.length; at += TOGETHER)
    made.push(...(await Promise.all(all.slice(at, at + TOGETHER).map(make))));
  return made;
}

/** Names as one matcher, which matches these and nothing else. */
export function namesSelector(names: readonly string[]): string {
  const [first = ''] = names;
  return names.length === 1 ? selectorOf(first) : `{__name__=~${JSON.stringify(names.join('|'))}}`;
}

/**
 * Looks for samples that are older than their class keeps them, counts them, and refuses those of which a level lacks what
 * it should have. Deletes nothing.
 */
export async function planMetrics(options: PlanMetricsOptions): Promise<MetricsPlan> {
  const { policies, prometheus, now } = options;
  const { oldest } = await prometheus.span();
  const classes = metricClasses(policies);
  const drift = await prometheusDrift(prometheus, classes);
  if (oldest === undefined) return { items: [], refusals: [], drift };
  const from = startOfDay(oldest);
  const check = createCoverageCheck(prometheus);
  const items: PlanItem[] = [];
  const refusals: Refusal[] = [];

  for (const one of classes) {
    const to = lastExpired(now, one.retention);
    if (to < from) continue;
    const names = (await prometheus.labelValues('__name__', from, to)).filter((name) => one.has(name));
    const expired = (await inTurns(names, (name) => countSamples(prometheus, name, from, to))).filter(
      ({ samples }) => samples > 0,
    );
    const refused = new Set<string>();
    for (const { name } of expired) {
      if (options.acceptGaps.has(name)) continue;
      const refusal = await findGap(check, one, name, from, to, now, prometheus.url);
      if (!refusal) continue;
      refusals.push(refusal);
      refused.add(name);
    }
    const going = expired.filter(({ name }) => !refused.has(name));
    if (going.length === 0) continue;
    items.push(
      planItem({
        store: 'prometheus',
        policy: one.name,
        selector: namesSelector(going.map(({ name }) => name).sort()),
        from,
        to,
        count: going.reduce((sum, { samples }) => sum + samples, 0),
        series: going.reduce((sum, { series }) => sum + series, 0),
      }),
    );
  }
  return { items, refusals, drift };
}

/** Samples of a name between two times, day by day, so that no query takes more than a day into memory. */
async function countSamples(
  prometheus: Prometheus,
  name: string,
  from: number,
  to: number,
): Promise<Expired> {
  const window = await prometheus.window(DAY);
  // `from` is the start of a day and `to` the last ms of one.
  const days = await prometheus.range(
    `sum(count_over_time(${selectorOf(name)}[${window}]))`,
    from + DAY - 1,
    to,
    DAY,
  );
  const samples = days.reduce((sum, [, count]) => sum + count, 0);
  if (samples === 0) return { name, samples, series: 0 };
  return { name, samples, series: (await prometheus.series(selectorOf(name), from, to)).length };
}

async function findGap(
  check: ReturnType<typeof createCoverageCheck>,
  { name: policy, levelsOf }: MetricClass,
  name: string,
  from: number,
  to: number,
  now: number,
  prometheusUrl: string,
): Promise<Refusal | undefined> {
  const gaps: (Gap & { readonly resolution: number })[] = [];
  for (const level of levelsOf(name)) {
    // What is too old for the level as well needs no sample of it.
    const since = Math.max(from, lastExpired(now, level.retention) + 1);
    const gap = since > to ? undefined : await check.gap(level, since, to);
    if (gap) gaps.push({ ...gap, resolution: level.resolution });
  }
  if (gaps.length === 0) return undefined;
  // A rule's next evaluation has the end of the gap in it.
  const start = Math.min(...gaps.map((gap) => gap.from - gap.resolution));
  const end = Math.max(...gaps.map((gap) => gap.to + gap.resolution));
  const range = `--start ${new Date(start).toISOString()} --end ${new Date(end).toISOString()}`;
  return {
    policy,
    series: name,
    from,
    to,
    reason: gaps.map((gap) => gapText(gap, gap.resolution)).join('; '),
    remedy: `promtool tsdb create-blocks-from rules --url ${prometheusUrl} ${range} --output-dir made rules/downsampling.yml, and move what it makes into Prometheus' data; or, to let it go: --accept-gaps ${name}`,
  };
}
