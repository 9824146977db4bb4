import { DAY, formatDuration } from '../../duration';
import { rankLogPolicies, retentionSelector } from '../logSelectors';
import type { Policies } from '../policySchema';

/** What the policies make of Loki's configuration, in the durations that Loki itself prints. */
export interface LokiRetention {
  readonly retention_period: string;
  readonly retention_stream: readonly {
    readonly selector: string;
    readonly priority: number;
    readonly period: string;
  }[];
}

/** Loki's retention of the policies. https://grafana.com/docs/loki/latest/operations/storage/retention/ */
export function lokiRetention(policies: Policies): LokiRetention {
  const ranked = rankLogPolicies(policies);
  const period = (ms: number): string => formatDuration(ms, 'h');
  const rest = ranked.find(({ priority }) => priority === 0);
  return {
    retention_period: period(rest?.policy.deletion ?? 0),
    retention_stream: ranked
      .filter(({ priority }) => priority > 0)
      .map(({ policy, priority }) => ({
        selector: retentionSelector(policy),
        priority,
        period: period(policy.deletion),
      })),
  };
}

/** What Loki and Tempo replace with a variable of their environment, with `-config.expand-env=true`. */
export const fromEnvironment = (variable: string): string => `\${${variable}}`;

const stores = {
  filesystem: { filesystem: { chunks_directory: '/loki/chunks', rules_directory: '/loki/rules' } },
  s3: {
    s3: {
      endpoint: fromEnvironment('LOKI_S3_ENDPOINT'),
      region: fromEnvironment('LOKI_S3_REGION'),
      bucketnames: fromEnvironment('LOKI_S3_BUCKET'),
      access_key_id: fromEnvironment('LOKI_S3_ACCESS_KEY_ID'),
      secret_access_key: fromEnvironment('LOKI_S3_SECRET_ACCESS_KEY'),
      s3forcepathstyle: true,
    },
  },
} as const;

/** A whole configuration of one Loki 3 (`-target=all`), its files on this machine or in a bucket. */
export function lokiConfig(policies: Policies, store: keyof typeof stores) {
  return {
    auth_enabled: false,
    server: { http_listen_port: 3100, grpc_listen_port: 9096 },
    common: {
      instance_addr: '127.0.0.1',
      path_prefix: '/loki',
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: stores[store],
    },
    schema_config: {
      configs: [
        // Structured metadata needs v13, and v13 needs tsdb.
        {
          from: '2024-04-01',
          store: 'tsdb',
          object_store: store,
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    ingester: {
      chunk_encoding: policies.cost_optimization.compression.algorithm,
      wal: { enabled: true, flush_on_shutdown: true },
    },
    limits_config: {
      allow_structured_metadata: true,
      // Of an erased player nothing is shown from the request on, before the compactor has done it.
      deletion_mode: 'filter-and-delete',
      reject_old_samples: true,
      reject_old_samples_max_age: '168h',
      volume_enabled: true,
      ...lokiRetention(policies),
    },
    compactor: {
      working_directory: '/loki/compactor',
      compaction_interval: '10m',
      retention_enabled: true,
      retention_delete_delay: '2h',
      retention_delete_worker_count: 50,
      delete_request_store: store,
      delete_request_cancel_period: '24h',
    },
    query_range: {
      results_cache: { cache: { embedded_cache: { enabled: true, max_size_mb: 100 } } },
    },
    analytics: { reporting_enabled: false },
  };
}

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
