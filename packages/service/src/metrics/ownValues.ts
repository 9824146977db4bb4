import type { Metric } from 'prom-client';

/** One value as prom-client hands it to whoever writes it. */
export interface OwnValue {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
  readonly exemplar?: unknown;
}

interface Shown {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly aggregator: string;
}

/**
 * Has a metric of prom-client, which stands in its registry, show values that are kept elsewhere. To look a series up in
 * prom-client itself takes it several times as long as to count, at each measurement.
 */
export function showOwnValues(metric: Metric, values: () => readonly OwnValue[], reset: () => void): void {
  // The registry changes the names of counters when it writes OpenMetrics, so that they are read anew.
  async function get(this: Shown) {
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: values() };
  }
  Object.assign(metric, { get, getForPromString: get, reset });
}
