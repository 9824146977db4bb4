import { formatDuration } from '../duration';
import { metricClasses } from '../metricClasses';
import type { Policies } from '../policySchema';

/**
 * The flags of a Prometheus that keeps all levels, one a line. It has one retention for all series: the longest that any
 * of them needs. What goes earlier is deleted by `artel-retention apply`, over the admin API.
 */
export function prometheusFlags(policies: Policies): string {
  const longest = Math.max(...metricClasses(policies).map(({ retention }) => retention));
  return [`--storage.tsdb.retention.time=${formatDuration(longest)}`, '--web.enable-admin-api', ''].join(
    '\n',
  );
}
