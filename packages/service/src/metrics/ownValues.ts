import type { Metric } from '@prometheus-io/client';

/** One value as the Prometheus client passes it to an exposition. */
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
 * Makes a metric of the Prometheus client show values that are kept elsewhere. Looking a series up in the client takes
 * several times as long as counting, at each measurement.
 */
export function showOwnValues(metric: Metric, values: () => readonly OwnValue[], reset: () => void): void {
  // The registry changes the names of counters when it writes OpenMetrics, so that they are read anew.
  async function get(this: Shown) {
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: values() };
  }
  Object.assign(metric, { get, getForPromString: get, reset });
}
