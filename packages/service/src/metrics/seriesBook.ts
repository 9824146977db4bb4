/** What a caller says of a series. */
interface GivenLabels {
  readonly [label: string]: string | number | undefined;
}

/** The labels of a series as they are shown. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** The series of one metric. */
export interface SeriesBook<Series> {
  /** The series of these labels, begun where it is not there yet: the same object for the same labels. */
  of(labels: GivenLabels): Series;
  all(): readonly Series[];
  /** Forgets all of them. */
  clear(): void;
}

export interface SeriesBookOptions<Series> {
  /** All labels of the metric, `service` among them. */
  readonly labels: readonly string[];
  readonly maxSeries: number;
  readonly service: string;
  readonly begin: (labels: SeriesLabels) => Series;
}

const VALUE_LENGTH = 128;
const OVERFLOW = 'overflow';
const UNKNOWN = 'unknown';

// https://en.wikipedia.org/wiki/C0_and_C1_control_codes: they have no business in a label, and break lines of logs.
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are looked for
const CONTROL = /[\u0000-\u001f\u007f]/g;

function clean(value: string | number | undefined): string {
  if (value === undefined || value === '') return UNKNOWN;
  return String(value)
    .slice(0, VALUE_LENGTH)
    .replace(CONTROL, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/**
 * Keeps a metric from growing with its callers' values: text is bounded, what is missing is `unknown`, a label that the
 * metric does not have is left out, and once there are `maxSeries` series every other counts under labels that all say
 * `overflow`.
 */
export function createSeriesBook<Series>(options: SeriesBookOptions<Series>): SeriesBook<Series> {
  const { labels, maxSeries, service, begin } = options;
  const free = labels.filter((label) => label !== 'service');
  const known = new Map<string, Series>();
  let overflow: Series | undefined;
  const make = (value: (label: string) => string): Series =>
    begin(Object.fromEntries(labels.map((label) => [label, label === 'service' ? service : value(label)])));

  return {
    of(given) {
      let key = '';
      for (const label of free) key += `${given[label] ?? ''}\u0000`;
      const before = known.get(key);
      if (before) return before;
      if (known.size >= maxSeries) {
        overflow ??= make(() => OVERFLOW);
        return overflow;
      }
      const made = make((label) => clean(given[label]));
      known.set(key, made);
      return made;
    },
    all: () => (overflow === undefined ? [...known.values()] : [...known.values(), overflow]),
    clear() {
      known.clear();
      overflow = undefined;
    },
  };
}
