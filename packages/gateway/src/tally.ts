import type { ExposedFamily } from './exposition';
import type { LabelPair } from './series';

/** A counter with labels, in memory. */
export interface Tally {
  add(labels: readonly LabelPair[], by?: number): void;
  family(): ExposedFamily;
}

/** Makes a counter that has `begun` from 0, so that `rate()` sees the first of each. Labels go in one order. */
export function createTally(
  name: string,
  help: string,
  begun: readonly (readonly LabelPair[])[] = [],
): Tally {
  const rows = new Map<string, { readonly labels: readonly LabelPair[]; value: number }>();
  const rowOf = (labels: readonly LabelPair[]) => {
    let key = '';
    for (const [label, value] of labels) key += `${label}=${value}\n`;
    let row = rows.get(key);
    if (!row) {
      row = { labels, value: 0 };
      rows.set(key, row);
    }
    return row;
  };
  for (const labels of begun) rowOf(labels);
  return {
    add(labels, by = 1) {
      rowOf(labels).value += by;
    },
    family: () => ({ name, kind: 'counter', help, series: [...rows.values()] }),
  };
}
