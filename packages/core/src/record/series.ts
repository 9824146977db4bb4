import {
  browserSeries,
  type Fields,
  limits,
  readFields,
  type SeriesShape,
  truncate,
} from '@artel/telemetry-protocol';
import type { Journal } from '../keep/journal';
import type { Now } from '../page/clock';

/** Finds or opens the series of the open window that an amount belongs to. */
export interface Series {
  /**
   * Adds to a series of the catalogue, whose labels have these values, in the catalogue's order. Returns whether the
   * event is urgent. Throws a `TypeError` that says what is wrong; nothing is added then.
   */
  add(name: string, isCounter: boolean, amount: number, values: readonly unknown[]): boolean;
  /** The same for a metric of any name. Of one in the catalogue, only the labels that it lists are taken. */
  addLabelled(name: string, isCounter: boolean, amount: number, labels: unknown): boolean;
}

interface SeriesDeps {
  readonly journal: Journal;
  readonly now: Now;
  readonly page: () => string;
  readonly context: () => Fields;
}

/** Separates the texts in the key of a series. */
const SEPARATOR = '\u0000';

const shapes = new Map<string, SeriesShape>(Object.entries(browserSeries));

const refuse = (problem: string): never => {
  throw new TypeError(problem);
};

export function createSeries({ journal, now, page, context }: SeriesDeps): Series {
  const put = (
    /** Identifies the metric and its label names. */
    id: string,
    name: string,
    isCounter: boolean,
    amount: number,
    names: readonly string[],
    values: readonly unknown[],
  ): boolean => {
    const max = isCounter ? limits.counterIncrement : limits.observation;
    // NaN fails both comparisons; a text or a bigint would pass them.
    if (typeof amount !== 'number' || !(amount >= 0 && amount <= max)) {
      refuse(__DEV__ ? `${name}: ${String(amount)} is not a number from 0 to ${max}` : name);
    }
    let key = id + isCounter;
    for (const value of values) key += SEPARATOR + (value ?? '');
    const { window } = journal;
    if (window.add(key, amount)) return false;
    const labels: Record<string, string> = {};
    names.forEach((label, index) => {
      const value = values[index];
      if (value != null) labels[label] = truncate(String(value), limits.labelValueLength);
    });
    window.open(key, isCounter, amount, { name, labels, timestamp: now() });
    const urgent = shapes.get(name)?.urgent;
    return urgent === true || !!urgent?.includes(String(values[0]));
  };

  return {
    add: (name, isCounter, amount, values) =>
      put(name, name, isCounter, amount, shapes.get(name)?.labels ?? [], values),
    addLabelled(name, isCounter, amount, input) {
      // The gateway knows which names Prometheus takes; here only what would make a batch too large is refused.
      if (typeof name !== 'string' || name.length > limits.nameLength) {
        refuse(
          __DEV__ ? `a metric's name must be a string of at most ${limits.nameLength} characters` : 'name',
        );
      }
      const given = readFields(input);
      const listed = shapes.get(name)?.labels;
      const names = listed ?? Object.keys(given);
      const values = names.map(
        (label) =>
          given[label] ??
          (listed &&
            (label === 'page' ? page() : label === 'platform' ? (context()[label] ?? 'browser') : '')),
      );
      return put(listed ? name : name + SEPARATOR + names, name, isCounter, amount, names, values);
    },
  };
}
