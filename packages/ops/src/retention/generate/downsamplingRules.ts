import { formatDuration } from '../duration';
import { levelsOfPolicy } from '../metricClasses';
import type { Policies } from '../policySchema';

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
