import { hostname } from 'node:os';
import { version } from '../../package.json';
import type { Clock } from '../clock';
import type { QueueRecord } from '../enrich';
import type { TimeWindow } from './eventTime';
import { lokiPush } from './lokiPush';
import type { MetricsOutput } from './metricsPusher';
import { attributesOf, type Origin } from './otlpCommon';
import { otlpLogs } from './otlpLogs';
import { otlpMetricsBodies } from './otlpMetrics';
import { otlpType } from './otlpSchema';
import { otlpTraces } from './otlpTraces';
import type { BatchConfig, LokiConfig, OtlpConfig, OutputsConfig, RemoteWriteConfig } from './outputsConfig';
import { createPost, type PostOptions } from './post';
import type { BatchLimits, RecordOutput } from './recordOutput';
import { remoteWriteBodies } from './remoteWrite';

/** What the outputs know of a tenant. */
export interface OutputTenant {
  /** Left out, the batches say it themselves. */
  readonly app?: string;
  readonly environment?: string;
  /** Names of the outputs that get its records; left out, all do. */
  readonly outputs?: readonly string[];
}

export interface CreateOutputsDeps {
  /** The tenant of a record; `undefined` for one that the configuration does not have any more. */
  readonly tenant: (id: string) => OutputTenant | undefined;
  readonly clock: Clock;
  /** Tells this gateway's series from those of others; the host's name when left out. */
  readonly instance?: string;
}

/** The outputs that a configuration asks for. */
export interface Outputs {
  readonly records: readonly RecordOutput[];
  readonly metrics: readonly MetricsOutput[];
}

/** Loki and the Collector let events of the next minutes pass, which a phone's fast clock needs. */
const AHEAD_MS = 540_000;
/** Series in one push, as Prometheus itself has it (`max_samples_per_send`). */
const SERIES_PER_PUSH = 2_000;
/** The most apps and environments that batches of the default tenant may make up; they are labels at Loki. */
const MAX_PLACES = 50;

const UNKNOWN = 'unknown_service';
const HOUR_MS = 3_600_000;

/** App and environment of a record: its tenant's, or those that its batch gives, as long as these are few. */
export function createPlace(tenant: CreateOutputsDeps['tenant']): (record: QueueRecord) => Origin {
  const claimed = new Set<string>();
  return ({ tenant: id, app }) => {
    const known = tenant(id);
    if (known?.app !== undefined) return { app: known.app, environment: known.environment };
    // An empty label is none, and Loki wants one.
    const place = { app: app?.name || UNKNOWN, environment: app?.environment };
    const key = JSON.stringify(place);
    if (!claimed.has(key) && claimed.size >= MAX_PLACES) return { app: 'other' };
    claimed.add(key);
    return place;
  };
}

function withPath(base: string, path: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url.href;
}

function batchLimits({ records, bytes, waitSeconds }: BatchConfig): BatchLimits {
  return { records, bytes, waitMs: waitSeconds * 1_000 };
}

/** What an OTLP answer says it has left out. https://opentelemetry.io/docs/specs/otlp/#partial-success-1 */
function partialSuccess(message: string, count: string): NonNullable<PostOptions['readRejected']> {
  const response = otlpType(message);
  return (answer) => {
    const decoded = response.toObject(response.decode(answer), { longs: Number, defaults: true });
    const partial: unknown = decoded['partialSuccess'];
    if (typeof partial !== 'object' || partial === null) return { rejected: 0, message: '' };
    const { [count]: rejected, errorMessage } = Object.fromEntries(Object.entries(partial));
    return { rejected: Number(rejected) || 0, message: String(errorMessage ?? '') };
  };
}

/** Makes the outputs of a configuration. Nothing is sent before a forwarder runs them. */
export function createOutputs(config: OutputsConfig, deps: CreateOutputsDeps): Outputs {
  const { clock, tenant, instance = hostname() } = deps;
  const place = createPlace(tenant);
  const started = clock.now();
  const takes = (name: string, kind: QueueRecord['kind']) => (record: QueueRecord) =>
    record.kind === kind && (tenant(record.tenant)?.outputs?.includes(name) ?? true);
  const shared = ({ headers, timeoutSeconds }: Pick<LokiConfig, 'headers' | 'timeoutSeconds'>) => ({
    headers: { 'User-Agent': `artel-gateway/${version}`, ...headers },
    timeoutMs: timeoutSeconds * 1_000,
    clock,
  });
  const windowOf = (lateSeconds: number): TimeWindow => ({ lateMs: lateSeconds * 1_000, aheadMs: AHEAD_MS });

  const lokiOutput = (name: string, one: LokiConfig): RecordOutput => {
    const common = shared(one);
    const org = one.orgId === undefined ? {} : { 'X-Scope-OrgID': one.orgId };
    const isBare = new URL(one.url).pathname === '/';
    const options = { place, labels: one.labels, window: windowOf(one.lateSeconds) };
    return {
      id: `${name}/logs`,
      name,
      signal: 'logs',
      batch: batchLimits(one.batch),
      takes: takes(name, 'log'),
      hopeless: { reason: 'too_old', is: ({ received }, now) => received < now - one.maxAgeHours * HOUR_MS },
      encode: (entries) => Buffer.from(JSON.stringify(lokiPush(entries, options))),
      post: createPost({
        ...common,
        headers: { ...common.headers, ...org },
        url: isBare ? withPath(one.url, '/loki/api/v1/push') : one.url,
        contentType: 'application/json',
        encoding: 'gzip',
      }),
    };
  };

  const otlpPost = (one: OtlpConfig, path: string, response: string, count: string) =>
    createPost({
      ...shared(one),
      url: withPath(one.url, path),
      contentType: 'application/x-protobuf',
      encoding: 'gzip',
      readRejected: partialSuccess(response, count),
    });
  const otlpLogsOutput = (name: string, one: OtlpConfig): RecordOutput => ({
    id: `${name}/logs`,
    name,
    signal: 'logs',
    batch: batchLimits(one.batch),
    takes: takes(name, 'log'),
    encode: (entries) => otlpLogs(entries, { place, window: windowOf(one.lateSeconds) }),
    post: otlpPost(one, '/v1/logs', 'collector.logs.v1.ExportLogsServiceResponse', 'rejectedLogRecords'),
  });
  const otlpTracesOutput = (name: string, one: OtlpConfig): RecordOutput => ({
    id: `${name}/traces`,
    name,
    signal: 'traces',
    batch: batchLimits(one.batch),
    takes: takes(name, 'span'),
    encode: (entries) => otlpTraces(entries, { place }),
    post: otlpPost(one, '/v1/traces', 'collector.trace.v1.ExportTraceServiceResponse', 'rejectedSpans'),
  });
  const otlpMetricsOutput = (name: string, one: OtlpConfig): MetricsOutput => {
    const resource = {
      attributes: attributesOf([
        ['service.name', 'artel-gateway'],
        ['service.version', version],
        ['service.instance.id', instance],
      ]),
    };
    return {
      name,
      intervalMs: one.intervalSeconds * 1_000,
      encode: (families, now) =>
        otlpMetricsBodies(families, { resource, now, started, series: SERIES_PER_PUSH }),
      post: otlpPost(
        one,
        '/v1/metrics',
        'collector.metrics.v1.ExportMetricsServiceResponse',
        'rejectedDataPoints',
      ),
    };
  };
  const remoteWriteOutput = (name: string, one: RemoteWriteConfig): MetricsOutput => {
    const common = shared(one);
    const labels = { job: 'artel-gateway', instance, ...one.labels };
    return {
      name,
      intervalMs: one.intervalSeconds * 1_000,
      encode: (families, now) => remoteWriteBodies(families, { labels, now, series: SERIES_PER_PUSH }),
      post: createPost({
        ...common,
        headers: { ...common.headers, 'X-Prometheus-Remote-Write-Version': '0.1.0' },
        url: one.url,
        contentType: 'application/x-protobuf',
        encoding: 'snappy',
      }),
    };
  };

  const named = Object.entries(config);
  return {
    records: named.flatMap(([name, one]) => {
      if (one.kind === 'loki') return [lokiOutput(name, one)];
      if (one.kind === 'remote-write') return [];
      return [
        ...(one.signals.includes('logs') ? [otlpLogsOutput(name, one)] : []),
        ...(one.signals.includes('traces') ? [otlpTracesOutput(name, one)] : []),
      ];
    }),
    metrics: named.flatMap(([name, one]) => {
      if (one.kind === 'remote-write') return [remoteWriteOutput(name, one)];
      return one.kind === 'otlp' && one.signals.includes('metrics') ? [otlpMetricsOutput(name, one)] : [];
    }),
  };
}
