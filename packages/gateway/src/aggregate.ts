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

export interface Aggregate {
  readonly deltas: readonly Delta[];
  /** Points that are in `deltas`. */
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
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

/** Folds a checked batch into what it adds to each series. `rejected` comes in from the check and goes out longer. */
export function aggregate(
  { metrics, dropped = {} }: Pick<Batch, 'metrics' | 'dropped'>,
  rejected: readonly Rejection[],
  { resolve, hasRoom }: AggregateOptions,
): Aggregate {
  const deltas = new Map<string, Delta & { readonly series: GrowingSeries }>();
  const newNames = new Set<string>();
  const refusals = [...rejected];
  let accepted = 0;
  const seriesOf = (key: string, family: Family, labels: readonly LabelPair[]): GrowingSeries => {
    const delta = deltas.get(key) ?? { key, family, series: startSeries(family, labels) };
    deltas.set(key, delta);
    return delta.series;
  };

  const places = placesOf(metrics.length, rejected);
  for (const [at, point] of metrics.entries()) {
    const resolution = resolve(point);
    const index = places[at] ?? at;
    if (!resolution.ok) {
      refusals.push({ index, reason: resolution.reason });
    } else if (!hasRoom(resolution.family, newNames)) {
      refusals.push({
        index,
        reason: `name: no room for ${point.name}, too many metrics outside the catalogue`,
      });
    } else {
      if (!resolution.family.known) newNames.add(resolution.family.name);
      const series = seriesOf(resolution.key, resolution.family, resolution.labels);
      if (point.values) for (const value of point.values) addValue(series, value);
      else addValue(series, point.value ?? 1);
      accepted++;
    }
  }
  const droppedFamily = knownFamily(droppedMetric);
  for (const [reason, count] of Object.entries(dropped)) {
    const labels: LabelPair[] = [['reason', reason]];
    if (count > 0) addValue(seriesOf(seriesKey(droppedFamily.name, labels), droppedFamily, labels), count);
  }
  const list = (rejection: Rejection): string => rejection.list ?? '';
  refusals.sort((a, b) => (list(a) < list(b) ? -1 : list(a) > list(b) ? 1 : a.index - b.index));
  return { deltas: [...deltas.values()], accepted, rejected: refusals };
}
