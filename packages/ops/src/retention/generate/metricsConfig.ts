import { formatDuration } from '../../duration';
import { levelsOfPolicy, type MetricClass, metricClasses, metricKinds, storedNames } from '../metricClasses';
import type { Policies } from '../policySchema';

/**
 * The flags of a Prometheus that keeps all levels, one a line. It has one retention for all series: the longest that any
 * of them needs. What goes earlier is deleted by `artel-ops retention apply`, over the admin API.
 */
export function prometheusFlags(policies: Policies): string {
  const longest = Math.max(...metricClasses(policies).map(({ retention }) => retention));
  return [`--storage.tsdb.retention.time=${formatDuration(longest)}`, '--web.enable-admin-api', ''].join(
    '\n',
  );
}

/** The recording rules of every level, a group for each policy and resolution. */
export function downsamplingRules(policies: Policies) {
  const groups = Object.entries(policies.retention_policies.metrics).flatMap(([name, { downsampling }]) => {
    const levels = levelsOfPolicy(policies, name);
    return downsampling.map(({ resolution }) => ({
      name: `downsampling_${name}_${formatDuration(resolution)}`,
      interval: formatDuration(resolution),
      rules: levels
        .filter((level) => level.resolution === resolution)
        .map(({ record, expr }) => ({ record, expr })),
    }));
  });
  return { groups };
}

/** The tenant of Mimir for a class of series. */
function tenantOf(className: string): string {
  return className.replaceAll('_', '-').replaceAll(' at ', '-');
}

/** Mimir keeps series for different times by tenant: a tenant for each class. */
export function mimirOverrides(policies: Policies) {
  const tenants = metricClasses(policies).map(({ name, retention }) => [
    tenantOf(name),
    { compactor_blocks_retention_period: formatDuration(retention) },
  ]);
  return { overrides: Object.fromEntries(tenants) };
}

/** Every name that the catalogues have or a level's rule makes. */
function knownNames(policies: Policies): readonly string[] {
  const stored = [...metricKinds].flatMap(([name, kind]) => storedNames(name, kind));
  const levels = Object.keys(policies.retention_policies.metrics).flatMap((name) =>
    levelsOfPolicy(policies, name).map(({ record }) => record),
  );
  return [...stored, ...levels];
}

const byName = (action: 'keep' | 'drop', regex: string) => ({ source_labels: ['__name__'], regex, action });

/** `remote_write` of a Prometheus before a Mimir: each class to its tenant, and none to two. */
export function remoteWrite(policies: Policies) {
  const known = knownNames(policies);
  const isRecorded = (name: string): boolean => name.includes(':');
  const others = (wanted: (name: string) => boolean): string => known.filter(wanted).join('|');
  const classes = metricClasses(policies);
  const forms = classes.flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern]));
  const rulesOf = ({ has, pattern }: MetricClass) => {
    const names = known.filter(has);
    if (names.length > 0) return [byName('keep', names.join('|'))];
    const levels = byName('drop', others(isRecorded));
    if (pattern !== undefined) return [byName('keep', pattern), levels];
    if (has('a:recorded_rule')) return [byName('keep', '.*:.*'), levels, byName('drop', forms.join('|'))];
    return [byName('drop', `.*:.*|${others((one) => !isRecorded(one))}`)];
  };
  return {
    remote_write: classes.map((one) => ({
      name: tenantOf(one.name),
      url: 'http://mimir:9009/api/v1/push',
      headers: { 'X-Scope-OrgID': tenantOf(one.name) },
      write_relabel_configs: rulesOf(one),
    })),
  };
}
