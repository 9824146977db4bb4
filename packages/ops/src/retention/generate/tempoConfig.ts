import { formatDuration } from '../../duration';
import type { Policies } from '../policySchema';
import { fromEnvironment } from './lokiConfig';

const hours = (ms: number): string => formatDuration(ms, 'h');

/** Where the overrides of tenants are mounted. */
const OVERRIDES = '/etc/tempo/overrides.yaml';

/**
 * The limits of a tenant, every one: where a tenant has overrides, Tempo takes what they leave out for zero and not from the
 * defaults. https://github.com/grafana/tempo/issues/4996
 */
const limits = {
  ingestion: {
    rate_strategy: 'local',
    rate_limit_bytes: 15_000_000,
    burst_size_bytes: 20_000_000,
    max_traces_per_user: 10_000,
  },
  read: { max_bytes_per_tag_values_query: 1_000_000 },
  global: { max_bytes_per_trace: 5_000_000 },
} as const;

const stores = {
  filesystem: { backend: 'local', local: { path: '/var/tempo/blocks' } },
  s3: {
    backend: 's3',
    s3: {
      endpoint: fromEnvironment('TEMPO_S3_ENDPOINT'),
      region: fromEnvironment('TEMPO_S3_REGION'),
      bucket: fromEnvironment('TEMPO_S3_BUCKET'),
      access_key: fromEnvironment('TEMPO_S3_ACCESS_KEY_ID'),
      secret_key: fromEnvironment('TEMPO_S3_SECRET_ACCESS_KEY'),
      forcepathstyle: true,
    },
  },
} as const;

/** The block retention of each tenant of Tempo, in ms. */
export function tempoRetention({ retention_policies: { traces } }: Policies): ReadonlyMap<string, number> {
  return new Map(Object.values(traces).map(({ tenant, retention }) => [tenant, retention]));
}

/** A whole configuration of one Tempo 2 (`-target=all`); requests need the header `X-Scope-OrgID`. */
export function tempoConfig(policies: Policies, store: keyof typeof stores) {
  const { traces, error_traces } = policies.retention_policies.traces;
  return {
    multitenancy_enabled: true,
    server: { http_listen_port: 3200 },
    distributor: {
      receivers: {
        otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317' }, http: { endpoint: '0.0.0.0:4318' } } },
      },
    },
    ingester: { max_block_duration: '30m' },
    compactor: {
      compaction: { block_retention: hours(traces.retention), compacted_block_retention: '1h' },
    },
    query_frontend: { search: { max_duration: hours(error_traces.retention) } },
    storage: { trace: { wal: { path: '/var/tempo/wal' }, ...stores[store] } },
    overrides: { defaults: limits, per_tenant_override_config: OVERRIDES },
    usage_report: { reporting_enabled: false },
  };
}

/** What tenants of Tempo have of their own. */
export function tempoOverrides(policies: Policies) {
  const tenants = [...tempoRetention(policies)].map(([tenant, retention]) => [
    tenant,
    { ...limits, compaction: { block_retention: hours(retention) } },
  ]);
  return { overrides: Object.fromEntries(tenants) };
}
