import { type Catalogue, droppedMetric } from '@artel/telemetry-protocol';
import type { Delta } from './aggregate';
import { knownFamily, unknownFamily } from './resolveMetric';
import {
  addSeries,
  copySeries,
  type Family,
  fits,
  type GrowingSeries,
  type LabelPair,
  type Series,
  seriesKey,
  startSeries,
} from './series';
import type { TenantLimits } from './tenants';

/** How much a book may hold; what is left out, the families say themselves. */
export type SeriesCaps = Partial<
  Pick<TenantLimits, 'seriesPerMetric' | 'unknownMetrics' | 'seriesPerUnknownMetric'>
>;

/** The most metrics outside the catalogue, where the caps do not say it. */
const MAX_UNKNOWN_FAMILIES = 200;

const overflowLabels: readonly LabelPair[] = [['overflow', 'true']];

/** Series by their key. */
type SeriesMap = Map<string, Series>;

interface FamilyPage {
  readonly family: Family;
  readonly series: ReadonlyMap<string, Series>;
}

/** What a group of batches is about to change. Dropping it changes nothing. */
export interface SeriesStage {
  /** Tells whether a family exists, or may begin beside `others` that are not in the stage yet. */
  hasRoom(family: Family, others: ReadonlySet<string>): boolean;
  add(deltas: readonly Delta[]): void;
  /** Every touched series as it will be. */
  touched(): readonly Series[];
  /** Puts the touched series into the book. To be called once they are on disk. */
  apply(): void;
}

/** The series in memory, as they were last committed. */
export interface SeriesBook {
  pages(): Iterable<FamilyPage>;
  size(): number;
  /**
   * One at a time: a second stage does not see what the first is about to change. `now`, Unix time in ms, is when the
   * series that it makes began.
   */
  stage(now?: number): SeriesStage;
}

interface Page {
  readonly family: Family;
  readonly series: SeriesMap;
}

interface StagedPage {
  readonly family: Family;
  /** Copies of the book's: nobody else reads them before the stage is applied. */
  readonly series: Map<string, GrowingSeries>;
  /** How many of the series the book does not have yet. */
  fresh: number;
}

/**
 * Opens the book on the stored series. One whose kind or buckets the catalogue has changed since begins again from
 * nothing, which Prometheus reads as the reset of a counter: old and new buckets cannot be summed. `caps` is read anew
 * each time; lowered, it lets no more in, and what is there stays.
 */
export function createSeriesBook(
  stored: Iterable<Series>,
  catalogue: Catalogue,
  caps: () => SeriesCaps = () => ({}),
): SeriesBook {
  const book = new Map<string, Page>();
  let unknown = 0;

  const familyOf = ({ name, kind }: Series): Family => {
    const definition = catalogue.get(name);
    return definition ? knownFamily(definition) : unknownFamily(name, kind);
  };
  const put = (family: Family, key: string, series: Series): void => {
    let page = book.get(family.name);
    if (!page) {
      page = { family, series: new Map() };
      book.set(family.name, page);
      if (!family.known) unknown++;
    }
    page.series.set(key, series);
  };

  for (const series of stored) {
    const family = familyOf(series);
    if (fits(series, family)) put(family, seriesKey(series.name, series.labels), series);
  }

  const stage = (now?: number): SeriesStage => {
    const staged = new Map<string, StagedPage>();
    const created = now === undefined ? {} : { created: now };

    const exists = (name: string): boolean => book.has(name) || staged.has(name);
    const capOf = ({ name, known, maxSeries }: Family): number => {
      const { seriesPerMetric, seriesPerUnknownMetric } = caps();
      if (!known) return seriesPerUnknownMetric ?? maxSeries;
      return name === droppedMetric.name ? maxSeries : (seriesPerMetric ?? maxSeries);
    };
    const isFull = (family: Family): boolean =>
      (book.get(family.name)?.series.size ?? 0) + (staged.get(family.name)?.fresh ?? 0) >= capOf(family);
    const find = (name: string, key: string): Series | undefined =>
      staged.get(name)?.series.get(key) ?? book.get(name)?.series.get(key);

    return {
      hasRoom(family, others) {
        if (family.known || exists(family.name) || others.has(family.name)) return true;
        const stagedNew = [...staged.values()].filter(
          (page) => !page.family.known && !book.has(page.family.name),
        );
        const othersNew = [...others].filter((name) => !exists(name));
        const room = caps().unknownMetrics ?? MAX_UNKNOWN_FAMILIES;
        return unknown + stagedNew.length + othersNew.length < room;
      },
      add(deltas) {
        for (const { key, family, series } of deltas) {
          const page = staged.get(family.name) ?? { family, series: new Map(), fresh: 0 };
          staged.set(family.name, page);
          const over = !find(family.name, key) && isFull(family);
          const target = over ? seriesKey(family.name, overflowLabels) : key;
          let growing = page.series.get(target);
          if (!growing) {
            const before = book.get(family.name)?.series.get(target);
            const labels = over ? overflowLabels : series.labels;
            growing = before ? copySeries(before) : { ...startSeries(family, labels), ...created };
            if (!before) page.fresh++;
            page.series.set(target, growing);
          }
          addSeries(growing, series);
        }
      },
      touched: () => [...staged.values()].flatMap(({ series }) => [...series.values()]),
      apply() {
        for (const { family, series } of staged.values()) {
          for (const [key, value] of series) put(family, key, value);
        }
      },
    };
  };

  return {
    pages: () => book.values(),
    size: () => [...book.values()].reduce((total, { series }) => total + series.size, 0),
    stage,
  };
}
