import { formatDuration, parseDuration } from '../duration';
import { tempoRetention } from '../generate/tempoConfig';
import type { Policies } from '../policySchema';
import type { Tempo } from '../stores/tempo';
import { fieldAt, fieldText } from './fieldAt';
import type { Drift } from './plan';

/** Of Tempo 2, then of Tempo 3. */
const DEFAULTS = ['compactor.compaction.block_retention', 'backend_worker.compaction.block_retention'];

/**
 * Where Tempo keeps blocks for other times than the policies have it. There is nothing to plan: Tempo deletes whole blocks
 * when their time is over, and has no way to delete a trace.
 */
export async function tempoDrift(policies: Policies, tempo: Tempo): Promise<readonly Drift[]> {
  const [config, overrides] = [await tempo.config(), await tempo.overrides()];
  const drift: Drift[] = [];
  if (fieldAt(config, 'multitenancy_enabled') !== true)
    drift.push({
      store: 'tempo',
      field: 'multitenancy_enabled',
      expected: 'true',
      found: fieldText(fieldAt(config, 'multitenancy_enabled')),
    });
  const general = DEFAULTS.map((path) => fieldAt(config, path)).find((found) => found !== undefined);
  const own = fieldAt(overrides, 'overrides');
  for (const [tenant, retention] of tempoRetention(policies)) {
    const tenantLimits =
      typeof own === 'object' && own !== null && Object.hasOwn(own, tenant)
        ? Reflect.get(own, tenant)
        : undefined;
    const found =
      fieldAt(tenantLimits, 'compaction.block_retention') ??
      fieldAt(tenantLimits, 'block_retention') ??
      general;
    if (parseDuration(fieldText(found)) === retention) continue;
    drift.push({
      store: 'tempo',
      field: `block_retention of tenant ${tenant}`,
      expected: formatDuration(retention, 'h'),
      found: fieldText(found),
    });
  }
  return drift;
}
