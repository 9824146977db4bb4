import { formatDuration } from '../../duration';
import type { Prometheus } from '../../stores/prometheus';
import type { LevelSeries } from '../metricClasses';

/** Windows of a level that have raw samples and no sample of the level. Times are Unix ms. */
export interface Gap {
  readonly record: string;
  readonly windows: number;
  /** Begin of the first window, end of the last. */
  readonly from: number;
  readonly to: number;
}

export interface CoverageCheck {
  /** Returns the gap of a level over a range of raw samples, or `undefined` where it has all that it needs. */
  gap(level: LevelSeries, from: number, to: number): Promise<Gap | undefined>;
}

/** The stored name as a selector. */
export const selectorOf = (name: string): string => `{__name__=${JSON.stringify(name)}}`;

function exact(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`;
}

/**
 * Checks whether the levels have what raw samples would take with them. A rule with interval r that is evaluated at t puts
 * what happened in (t − r, t] into one sample at t. So the windows that are asked for end when the rule's group is
 * evaluated, which Prometheus does at the same phase of each interval: of each window with raw samples the level has one.
 */
export function createCoverageCheck(prometheus: Prometheus): CoverageCheck {
  const phases = new Map<string, Promise<number>>();

  /** When within each interval the rule is evaluated, as its last sample of the range shows. */
  const findPhase = async (
    { record, resolution }: LevelSeries,
    from: number,
    to: number,
  ): Promise<number> => {
    const window = await prometheus.window(resolution);
    const present = await prometheus.range(
      `count(count_over_time(${selectorOf(record)}[${window}]))`,
      from,
      to + resolution,
      resolution,
    );
    const at = present.at(-1)?.[0];
    if (at === undefined) return 0;
    const [series] = await prometheus.series(selectorOf(record), at - resolution + 1, at);
    if (!series) return 0;
    const samples = await prometheus.samples(`${exact(series)}[${window}]`, at);
    return (samples.at(-1)?.[0] ?? 0) % resolution;
  };

  const phaseOf = (level: LevelSeries, from: number, to: number): Promise<number> => {
    const key = `${level.record} ${from} ${to}`;
    const known = phases.get(key) ?? findPhase(level, from, to);
    phases.set(key, known);
    return known;
  };

  return {
    async gap(level, from, to) {
      const { record, source, resolution } = level;
      const phase = await phaseOf(level, from, to);
      const window = await prometheus.window(resolution);
      const first = Math.ceil((from - phase) / resolution) * resolution + phase;
      const ask = async (expr: string): Promise<readonly number[]> =>
        (await prometheus.range(expr, first, to + resolution - 1, resolution)).map(([at]) => at);
      // An increase needs two samples; of one nothing is lost.
      const least = record.includes(':increase') ? 2 : 1;
      const raw = await ask(`count(count_over_time(${selectorOf(source)}[${window}]) >= ${least})`);
      if (raw.length === 0) return undefined;
      const covered = new Set(await ask(`count(count_over_time(${selectorOf(record)}[${window}]))`));
      const missing = raw.filter((at) => !covered.has(at));
      const [begin, end] = [missing[0], missing.at(-1)];
      if (begin === undefined || end === undefined) return undefined;
      return { record, windows: missing.length, from: begin - resolution, to: end };
    },
  };
}

/** A gap in words. */
export function gapText({ record, windows, from, to }: Gap, resolution: number): string {
  const [begin, end] = [new Date(from).toISOString(), new Date(to).toISOString()];
  return `${record} has nothing for ${windows === 1 ? '1 window' : `${windows} windows`} of ${formatDuration(resolution)} with raw samples, from ${begin} to ${end}`;
}
