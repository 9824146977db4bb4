/** Answers the labels of a series: the same object for the same labels. */
export type LabelGuard = (labels: {
  readonly [label: string]: string | number | undefined;
}) => Record<string, string>;

export interface LabelGuardOptions {
  /** All labels of the metric, `service` among them. */
  readonly labels: readonly string[];
  readonly maxSeries: number;
  readonly service: string;
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
export function createLabelGuard({ labels, maxSeries, service }: LabelGuardOptions): LabelGuard {
  const free = labels.filter((label) => label !== 'service');
  const known = new Map<string, Record<string, string>>();
  const series = (value: (label: string) => string): Record<string, string> =>
    Object.fromEntries(labels.map((label) => [label, label === 'service' ? service : value(label)]));
  const overflow = series(() => OVERFLOW);

  return (given) => {
    let key = '';
    for (const label of free) key += `${given[label] ?? ''}\u0000`;
    const before = known.get(key);
    if (before) return before;
    if (known.size >= maxSeries) return overflow;
    const made = series((label) => clean(given[label]));
    known.set(key, made);
    return made;
  };
}
