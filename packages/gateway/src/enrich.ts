import {
  type AppInfo,
  type Batch,
  cleanFields,
  type LogRecord,
  limits,
  type SpanRecord,
  scrubText,
  truncate,
} from '@artel/telemetry-protocol';
import { labelValue } from './resolveMetric';

interface Origin {
  /** Unix time in ms by the gateway's clock. */
  readonly received: number;
  /** Id of the tenant that the batch was written to. */
  readonly tenant?: string;
  /** Whether the batch came with a session token. */
  readonly tier?: 'session' | 'anonymous';
  readonly app?: AppInfo;
  readonly session?: string;
  /** Keyed hash of the user that the client named. */
  readonly user?: string;
  readonly page?: string;
  readonly producer?: string;
}

/** A log or span as it waits in the queue: scrubbed, and with what its batch says of where it comes from. */
export type QueueRecord =
  | (Origin & { readonly kind: 'log'; readonly log: LogRecord })
  | (Origin & { readonly kind: 'span'; readonly span: SpanRecord });

export interface EnrichOptions {
  readonly received: number;
  readonly pseudonym: (user: string) => string;
}

const clean = (text: string): string => truncate(scrubText(text), limits.fieldLength);

function appOf({ name, version, environment }: AppInfo): AppInfo {
  return {
    name: clean(name),
    ...(version === undefined ? {} : { version: clean(version) }),
    ...(environment === undefined ? {} : { environment: clean(environment) }),
  };
}

// Field by field: a checked record may carry fields that the check does not know, and nobody has scrubbed those.
function logOf({ level, message, timestamp, category, fields, traceId, spanId }: LogRecord): LogRecord {
  return {
    level,
    message: truncate(scrubText(message), limits.messageLength),
    timestamp,
    ...(category === undefined ? {} : { category }),
    ...(fields === undefined ? {} : { fields: cleanFields(fields) }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
  };
}

function spanOf(span: SpanRecord): SpanRecord {
  const { name, traceId, spanId, parentSpanId, start, duration, status, attributes } = span;
  return {
    name: clean(name),
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    start,
    duration,
    ...(status === undefined ? {} : { status }),
    ...(attributes === undefined ? {} : { attributes: cleanFields(attributes) }),
  };
}

/** The logs and spans of a checked batch as the queue keeps them. Scrubs again: a client may be old, or not ours. */
export function enrich(batch: Batch, { received, pseudonym }: EnrichOptions): QueueRecord[] {
  const { app, session, user, page, producer, logs = [], spans = [] } = batch;
  const origin: Origin = {
    received,
    ...(app === undefined ? {} : { app: appOf(app) }),
    ...(session === undefined ? {} : { session: clean(session) }),
    ...(user === undefined ? {} : { user: pseudonym(user) }),
    ...(page === undefined ? {} : { page: labelValue('page', page) }),
    ...(producer === undefined ? {} : { producer }),
  };
  return [
    ...logs.map((log): QueueRecord => ({ kind: 'log', ...origin, log: logOf(log) })),
    ...spans.map((span): QueueRecord => ({ kind: 'span', ...origin, span: spanOf(span) })),
  ];
}
