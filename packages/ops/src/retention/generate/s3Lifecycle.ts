import { DAY } from '../duration';
import type { Policies } from '../policySchema';

/**
 * The lifecycle of Loki's bucket, as `aws s3api put-bucket-lifecycle-configuration` takes it. A chunk does not tell its
 * policy, so each step waits for the policy that is last to take it. Nothing expires here: that is the compactor's, which
 * would look for what is gone. Both classes are read at once, so that a query still finds all.
 */
export function s3Lifecycle({ retention_policies: { logs } }: Policies) {
  const lastDay = (field: 'hot_tier' | 'warm_tier'): number =>
    Math.ceil(Math.max(...Object.values(logs).map((policy) => policy[field])) / DAY);
  // S3 takes nothing into STANDARD_IA before its 30th day, and into the next class 30 days later.
  const warm = Math.max(30, lastDay('hot_tier'));
  const cold = Math.max(warm + 30, lastDay('warm_tier'));
  return {
    Rules: [
      {
        ID: 'loki-chunks-tiers',
        Status: 'Enabled',
        Filter: { Prefix: 'fake/' },
        Transitions: [
          { Days: warm, StorageClass: 'STANDARD_IA' },
          { Days: cold, StorageClass: 'GLACIER_IR' },
        ],
      },
    ],
  };
}
