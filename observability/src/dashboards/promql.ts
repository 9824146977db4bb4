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

/** A quantile of a histogram over Grafana's rate interval, by further labels. `filter` is what stands in the braces. */
export function quantile(q: number, histogram: string, filter: string, by: readonly string[] = []): string {
  const grouping = ['le', ...by].join(', ');
  return `histogram_quantile(${q}, sum by (${grouping}) (rate(${histogram}_bucket{${filter}}[$__rate_interval])))`;
}

/**
 * The matcher of a bucket. Prometheus keeps `le="10.0"` of an exposition in OpenMetrics and `le="10"` of the older text.
 */
export function atMost(bound: number): string {
  return Number.isInteger(bound) ? `le=~"${bound}(\\\\.0)?"` : `le="${bound}"`;
}
