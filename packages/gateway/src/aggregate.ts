import { type Batch, droppedMetric, type MetricPoint, type Rejection } from '@artel/telemetry-protocol';
import { knownFamily, type Resolution } from './resolveMetric';
import {
  addValue,
  type Family,
  type GrowingSeries,
  type LabelPair,
  type Series,
  seriesKey,
  startSeries,
} from './series';

/** What one batch adds to one series. */
export interface Delta {
  readonly key: string;
  readonly family: Family;
  readonly series: Series;
}

export interface AggregateOptions {
  readonly resolve: (point: MetricPoint) => Resolution;
  /** Tells whether metrics outside the catalogue have room for one more name beside `others` new ones. */
  readonly hasRoom: (family: Family, others: ReadonlySet<string>) => boolean;
}

/** What of a batch's items was counted. */
export interface Counted {
  /** Points that are in the deltas. */
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

export interface Aggregate extends Counted {
  readonly deltas: readonly Delta[];
}

/** What some batches together add to each series: one delta for a series, however many of them have points of it. */
export interface Sum {
  /**
   * Takes in a checked batch's points. `rejected` comes in from the check and goes out longer. Where `resolve` throws,
   * nothing is taken in.
   */
  add(metrics: Batch['metrics'], rejected: readonly Rejection[], options: AggregateOptions): Counted;
  /** Takes in what clients say that they had to give up. */
  addDropped(dropped: NonNullable<Batch['dropped']>): void;
  /** In the order in which their series were met. */
  deltas(): readonly Delta[];
  /** Names, outside the catalogue, of the metrics that are in it. */
  readonly newNames: ReadonlySet<string>;
}

/** The places that the items of a checked batch's list had in the body, where the rejected ones stood between them. */
export function placesOf(count: number, rejected: readonly Rejection[], list?: Rejection['list']): number[] {
  const gone = new Set(rejected.filter((one) => one.list === list).map(({ index }) => index));
  const places: number[] = [];
  for (let place = 0; places.length < count; place++) {
    if (!gone.has(place)) places.push(place);
  }
  return places;
}

const droppedFamily = knownFamily(droppedMetric);

const listOf = ({ list }: Rejection): string => list ?? '';
const inOrder = (a: Rejection, b: Rejection): number =>
  listOf(a) < listOf(b) ? -1 : listOf(a) > listOf(b) ? 1 : a.index - b.index;

export function createSum(): Sum {
  const deltas = new Map<string, Delta & { readonly series: GrowingSeries }>();
  const newNames = new Set<string>();
  const seriesOf = (key: string, family: Family, labels: readonly LabelPair[]): GrowingSeries => {
    let delta = deltas.get(key);
    if (!delta) {
      delta = { key, family, series: startSeries(family, labels) };
      deltas.set(key, delta);
    }
    return delta.series;
  };

  return {
    newNames,
    add(metrics, rejected, { resolve, hasRoom }) {
      const resolutions = metrics.map(resolve);
      const refusals: Rejection[] = [];
      let places: readonly number[] | undefined;
      const refuse = (at: number, reason: string): void => {
        places ??= placesOf(metrics.length, rejected);
        refusals.push({ index: places[at] ?? at, reason });
      };
      for (const [at, point] of metrics.entries()) {
        const resolution = resolutions[at];
        if (!resolution) continue;
        if (!resolution.ok) {
          refuse(at, resolution.reason);
          continue;
        }
        const { family, key, labels } = resolution;
        if (!family.known) {
          if (!hasRoom(family, newNames)) {
            refuse(at, `name: no room for ${point.name}, too many metrics outside the catalogue`);
            continue;
          }
          newNames.add(family.name);
        }
        const series = seriesOf(key, family, labels);
        if (point.values) for (const value of point.values) addValue(series, value);
        else addValue(series, point.value ?? 1);
      }
      return {
        accepted: metrics.length - refusals.length,
        rejected: [...rejected, ...refusals].sort(inOrder),
      };
    },
    addDropped(dropped) {
      for (const [reason, count] of Object.entries(dropped)) {
        const labels: LabelPair[] = [['reason', reason]];
        if (count > 0)
          addValue(seriesOf(seriesKey(droppedFamily.name, labels), droppedFamily, labels), count);
      }
    },
    deltas: () => [...deltas.values()],
  };
}

/** Folds one checked batch into what it adds to each series. `rejected` comes in from the check and goes out longer. */
export function aggregate(
  { metrics, dropped = {} }: Pick<Batch, 'metrics' | 'dropped'>,
  rejected: readonly Rejection[],
  options: AggregateOptions,
): Aggregate {
  const sum = createSum();
  const counted = sum.add(metrics, rejected, options);
  sum.addDropped(dropped);
  return { ...counted, deltas: sum.deltas() };
}
