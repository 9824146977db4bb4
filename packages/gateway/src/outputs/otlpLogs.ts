import type { Fields, LogLevel, LogRecord, Scalar } from '@artel/telemetry-protocol';
import type { QueueRecord } from '../enrich';
import { nanosOf, placeInTime, type TimeWindow } from './eventTime';
import { attributesOf, byResource, eventContext, idBytes, type Origin, scope } from './otlpCommon';
import { otlpType } from './otlpSchema';
import type { QueueEntry } from './queueReader';
import { wellFormed } from './wellFormed';

type LogEntry = QueueEntry & { readonly record: Extract<QueueRecord, { kind: 'log' }> };

const request = otlpType('collector.logs.v1.ExportLogsServiceRequest');

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const severity: Readonly<Record<LogLevel, number>> = { debug: 5, info: 9, warn: 13, error: 17 };

/**
 * An error of a page under the names that OpenTelemetry has for exceptions; its message without the type before it.
 * https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/
 */
function exceptionOf({ message, fields = {} }: LogRecord): {
  readonly exception: readonly (readonly [string, Scalar | undefined])[];
  readonly rest: Fields;
} {
  const { error_type: type, stack, ...rest } = fields;
  const head = `${type}: `;
  return {
    exception: [
      ['exception.type', type],
      ['exception.message', message.startsWith(head) ? message.slice(head.length) : message],
      ['exception.stacktrace', stack],
    ],
    rest,
  };
}

function recordOf({ key, record }: LogEntry, window: TimeWindow) {
  const { log, received } = record;
  const { exception, rest } =
    log.category === 'error' ? exceptionOf(log) : { exception: [], rest: log.fields ?? {} };
  const at = placeInTime(log.timestamp, received, window);
  return {
    timeUnixNano: nanosOf(at, key),
    observedTimeUnixNano: nanosOf(received, key),
    severityNumber: severity[log.level],
    severityText: log.level,
    body: { stringValue: wellFormed(log.message) },
    attributes: attributesOf([
      ['category', log.category],
      ...eventContext(record, rest),
      ...exception,
      // In ms, as the page had it.
      ['event.time', at === log.timestamp ? undefined : log.timestamp],
    ]),
    ...(log.traceId === undefined ? {} : { traceId: idBytes(log.traceId) }),
    ...(log.spanId === undefined ? {} : { spanId: idBytes(log.spanId) }),
  };
}

function isLog(entry: QueueEntry): entry is LogEntry {
  return entry.record.kind === 'log';
}

export interface OtlpLogsOptions {
  readonly place: (record: QueueRecord) => Origin;
  readonly window: TimeWindow;
}

/** The body of `POST /v1/logs`: an `ExportLogsServiceRequest` in protobuf. */
export function otlpLogs(entries: readonly QueueEntry[], { place, window }: OtlpLogsOptions): Uint8Array {
  const resourceLogs = byResource(entries.filter(isLog), place).map(({ resource, entries: logs }) => ({
    resource,
    scopeLogs: [{ scope, logRecords: logs.map((log) => recordOf(log, window)) }],
  }));
  return request.encode({ resourceLogs }).finish();
}
