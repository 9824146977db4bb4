import type { SpanRecord } from '@artel/telemetry-protocol';
import type { QueueRecord } from '../enrich';
import { attributesOf, byResource, eventContext, idBytes, type Origin, scope } from './otlpCommon';
import { otlpType } from './otlpSchema';
import type { QueueEntry } from './queueReader';
import { wellFormed } from './wellFormed';

type SpanEntry = QueueEntry & { readonly record: Extract<QueueRecord, { kind: 'span' }> };

const request = otlpType('collector.trace.v1.ExportTraceServiceRequest');

const INTERNAL = 1;
const CLIENT = 3;

const statusCode = { ok: 1, error: 2 } as const;

/** Attributes that only a call to a server has. https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
const CALL = /^(?:http\.request\.|http\.method$|url\.full$|server\.address$)/;

function kindOf({ attributes = {} }: SpanRecord): number {
  return Object.keys(attributes).some((name) => CALL.test(name)) ? CLIENT : INTERNAL;
}

/** The last ms whose ns fit into 64 bits; it lies in the year 2554. */
const LAST_MS = 1.8e13;

/** Unix time in ns of one in ms with fractions: a double has no room for ns, so the µs are the last that are right. */
function spanNanos(ms: number): string {
  return `${Math.round(Math.min(ms, LAST_MS) * 1_000)}000`;
}

function spanOf({ record }: SpanEntry) {
  const { span } = record;
  const { name, traceId, spanId, parentSpanId, start, duration, status, attributes = {} } = span;
  return {
    traceId: idBytes(traceId),
    spanId: idBytes(spanId),
    ...(parentSpanId === undefined ? {} : { parentSpanId: idBytes(parentSpanId) }),
    name: wellFormed(name),
    kind: kindOf(span),
    startTimeUnixNano: spanNanos(start),
    endTimeUnixNano: spanNanos(start + duration),
    attributes: attributesOf(eventContext(record, attributes)),
    ...(status === undefined ? {} : { status: { code: statusCode[status] } }),
  };
}

function isSpan(entry: QueueEntry): entry is SpanEntry {
  return entry.record.kind === 'span';
}

/** The body of `POST /v1/traces`: an `ExportTraceServiceRequest` in protobuf. */
export function otlpTraces(
  entries: readonly QueueEntry[],
  { place }: { readonly place: (record: QueueRecord) => Origin },
): Uint8Array {
  const resourceSpans = byResource(entries.filter(isSpan), place).map(({ resource, entries: spans }) => ({
    resource,
    scopeSpans: [{ scope, spans: spans.map(spanOf) }],
  }));
  return request.encode({ resourceSpans }).finish();
}
