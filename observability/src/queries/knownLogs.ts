import { metadataNames } from '../logs/logEntry';

/** What log lines can be found and filtered by. */
export interface KnownLogs {
  /** Labels of streams: the few that are an index. */
  readonly labels: ReadonlySet<string>;
  /** Fields beside a line or in it, which a filter behind a parser may name. */
  readonly fields: ReadonlySet<string>;
}

/** Labels of the streams that the gateway pushes: browsers' lines, under app and environment. */
const gatewayLabels = ['app', 'service_name', 'environment', 'level', 'category'];

/** Labels of the streams that Alloy sends: services' lines and the system's log. */
export const alloyLabels: readonly string[] = [
  ...['service', 'service_name', 'environment', 'level', 'category', 'job'],
  ...['namespace', 'hostname', 'app'],
];

/** What the gateway puts beside a browser's line: a value for each session and trace is no label. */
const gatewayMetadata = [
  ...['session', 'user', 'producer', 'tier', 'app_version', 'trace_id', 'span_id', 'event_time', 'page'],
];

/** What Alloy puts beside the lines of services and of the system, further than what a line says itself. */
const alloyMetadata = ['filename', 'stream', 'pid'];

/** Fields of the service toolkit's JSON lines, and `msg` of those that pino writes by itself. */
const lineFields = [
  ...['timestamp', 'level', 'service', 'version', 'environment', 'message', 'msg', 'category'],
  ...['request_id', 'user_id', 'session_id', 'trace_id', 'span_id'],
  ...['method', 'url', 'status_code', 'duration_ms', 'error', 'error_type'],
  ...['event_type', 'severity', 'details_reason', 'address_hash'],
];

/** Everything that is known of the lines in Loki. */
export const knownLogs: KnownLogs = {
  labels: new Set([...gatewayLabels, ...alloyLabels]),
  fields: new Set([
    ...gatewayLabels,
    ...alloyLabels,
    ...gatewayMetadata,
    ...alloyMetadata,
    ...metadataNames,
    ...lineFields,
  ]),
};
