import { type AppInfo, type Batch, type LogRecord, limits, type SpanRecord } from '@artel/telemetry-protocol';
import { cleanFields, cleanText } from '@artel/telemetry-protocol/scrub';
import { labelValue } from './resolveMetric';

/** Whether the sender proved who it is: `session` came with a session token, `anonymous` without. */
export type Tier = 'session' | 'anonymous';

interface Origin {
  /** Id of the tenant that it was taken for. */
  readonly tenant: string;
  readonly tier: Tier;
  /** Unix time in ms by the gateway's clock. */
  readonly received: number;
  readonly app?: AppInfo;
  readonly session?: string;
  /** Keyed hash of the user: of the one who signed in, or else of the one that the client named. */
  readonly user?: string;
  readonly page?: string;
  readonly producer?: string;
}

/** A log or span as it waits in the queue: scrubbed, and with what its batch says of where it comes from. */
export type QueueRecord =
  | (Origin & { readonly kind: 'log'; readonly log: LogRecord })
  | (Origin & { readonly kind: 'span'; readonly span: SpanRecord });

export interface EnrichOptions {
  readonly tenant: string;
  readonly tier: Tier;
  readonly received: number;
  /** Pseudonym that the session token proves; it stands before whatever the batch says. */
  readonly subject?: string | undefined;
  readonly pseudonym: (user: string, tenant: string) => string;
}

const clean = (text: string): string => cleanText(text, limits.fieldLength);

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
    message: cleanText(message, limits.messageLength),
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
export function enrich(
  batch: Batch,
  { tenant, tier, received, subject, pseudonym }: EnrichOptions,
): QueueRecord[] {
  const { app, session, user, page, producer, logs = [], spans = [] } = batch;
  if (logs.length + spans.length === 0) return [];
  const known = subject ?? (user === undefined ? undefined : pseudonym(user, tenant));
  const origin: Origin = {
    tenant,
    tier,
    received,
    ...(app === undefined ? {} : { app: appOf(app) }),
    ...(session === undefined ? {} : { session: clean(session) }),
    ...(known === undefined ? {} : { user: known }),
    ...(page === undefined ? {} : { page: labelValue('page', page) }),
    ...(producer === undefined ? {} : { producer }),
  };
  return [
    ...logs.map((log): QueueRecord => ({ kind: 'log', ...origin, log: logOf(log) })),
    ...spans.map((span): QueueRecord => ({ kind: 'span', ...origin, span: spanOf(span) })),
  ];
}
