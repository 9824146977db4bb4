import type { Catalogue } from '@artel/telemetry-protocol';
import type { ExemplarBook } from './exemplars';
import type { ExposedDistribution, ExposedFamily, ExposedValue } from './exposition';
import type { LabelPair } from './series';
import { createSeriesBook, type SeriesBook, type SeriesCaps } from './seriesBook';
import type { Store } from './store';
import type { Tenant } from './tenants';

/** The series of each tenant, apart. */
export interface Books {
  /** The book of a tenant, read from the store when it is first asked for. */
  of(tenant: string): SeriesBook;
  /** The series of these tenants as `/metrics` shows them: one family a metric, each series with its tenant's labels. */
  families(tenants: readonly Tenant[]): ExposedFamily[];
}

export interface BooksOptions {
  readonly store: Pick<Store, 'readSeries'>;
  /** The catalogue of a tenant. */
  readonly catalogueOf: (tenant: string) => Catalogue;
  readonly exemplars: Pick<ExemplarBook, 'family'>;
  /** What a tenant's book may hold; asked anew each time. */
  readonly capsOf: (tenant: string) => SeriesCaps;
}

type ExposedSeries = ExposedValue | ExposedDistribution;

/** The labels that tell a tenant's series from those of others; the default tenant has none. */
export function constantLabels({ app, environment }: Pick<Tenant, 'app' | 'environment'>): LabelPair[] {
  return [
    ...(app === undefined ? [] : [['app', app] as const]),
    ...(environment === undefined ? [] : [['environment', environment] as const]),
  ];
}

function withLabels(labels: readonly LabelPair[], constant: readonly LabelPair[]): readonly LabelPair[] {
  return [...constant, ...labels].sort(([a], [b]) => (a < b ? -1 : 1));
}

export function createBooks({ store, catalogueOf, exemplars, capsOf }: BooksOptions): Books {
  const books = new Map<string, SeriesBook>();

  const of = (tenant: string): SeriesBook => {
    const book =
      books.get(tenant) ??
      createSeriesBook(store.readSeries(tenant), catalogueOf(tenant), () => capsOf(tenant));
    books.set(tenant, book);
    return book;
  };

  return {
    of,
    families(tenants) {
      // A metric has one kind wherever it is: the catalogue's, or the one that its name tells.
      const merged = new Map<string, ExposedFamily & { readonly series: ExposedSeries[] }>();
      for (const tenant of tenants) {
        const constant = constantLabels(tenant);
        for (const { family, series } of of(tenant.id).pages()) {
          const { name, kind, help } = family;
          const page = merged.get(name) ?? { name, kind, help, series: [] };
          merged.set(name, page);
          for (const one of exemplars.family(tenant.id, family, series.values()).series) {
            page.series.push(
              constant.length === 0 ? one : { ...one, labels: withLabels(one.labels, constant) },
            );
          }
        }
      }
      return [...merged.values()];
    },
  };
}
