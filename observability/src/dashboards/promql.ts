/**
 * `part` of `whole`, both grouped alike: 0 where nothing of the part has happened yet, and where nothing has happened at
 * all, so that an idle service shows 0 % of errors and not a hole.
 */
export function ratio(part: string, whole: string): string {
  return `(${part} or 0 * ${whole}) / (${whole} > 0) or 0 * ${whole}`;
}

/** An expression of which nothing may be there yet: then 0, under the given labels, which its legend reads. */
export function orZero(expression: string, labels: Readonly<Record<string, string>> = {}): string {
  const zero = Object.entries(labels).reduce(
    (inner, [label, value]) => `label_replace(${inner}, "${label}", "${value}", "", "")`,
    'vector(0)',
  );
  return `${expression} or on() ${zero}`;
}

/**
 * What counters grew by within `range`, series by series. `increase()` does not see what a series has when it is scraped
 * for the first time, and a payment is often the first of its pod and kind: a series that has been scraped fewer times
 * than its target was not there before, and all that it shows is new.
 */
export function grown(selector: string, range: string): string {
  const sinceIts = `count_over_time(${selector}[${range}]) < on (job, instance) group_left () sum_over_time(up{environment=~"$environment"}[${range}])`;
  return `((${selector} and ${sinceIts}) or increase(${selector}[${range}]))`;
}

/**
 * A quantile of a histogram over Grafana's rate interval, by further labels; nothing where there was nothing to take it
 * of. `filter` is what stands in the braces.
 */
export function quantile(q: number, histogram: string, filter: string, by: readonly string[] = []): string {
  const grouping = ['le', ...by].join(', ');
  return `histogram_quantile(${q}, sum by (${grouping}) (rate(${histogram}_bucket{${filter}}[$__rate_interval]))) >= 0`;
}

/**
 * The matcher of a bucket. Prometheus keeps `le="10.0"` of an exposition in OpenMetrics and `le="10"` of the older text.
 */
export function atMost(bound: number): string {
  return Number.isInteger(bound) ? `le=~"${bound}(\\\\.0)?"` : `le="${bound}"`;
}
