/**
 * Estimates the `q` quantile of observations that were counted into buckets: `counts` has one more than `bounds`, for
 * what is above the last. The bucket is found exactly, and within it the observations are taken to lie evenly: the same
 * estimate as Prometheus' `histogram_quantile`, so that this page and Grafana agree. What is above the last bound is
 * given as that bound; of nothing there is no quantile.
 */
export function quantile(bounds: readonly number[], counts: readonly number[], q: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = q * total;
  let below = 0;
  for (const [bucket, bound] of bounds.entries()) {
    const count = counts[bucket] ?? 0;
    if (count > 0 && below + count >= rank) {
      const lower = bounds[bucket - 1] ?? Math.min(0, bound);
      return lower + (bound - lower) * Math.max(0, (rank - below) / count);
    }
    below += count;
  }
  return bounds.at(-1) ?? null;
}
