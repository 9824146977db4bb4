import type { Scalar } from '@artel/telemetry-protocol';
import type { QueueRecord } from '../enrich';
import { nanosOf, placeInTime, type TimeWindow } from './eventTime';
import type { QueueEntry } from './queueReader';
import { wellFormed } from './wellFormed';

type LogEntry = QueueEntry & { readonly record: Extract<QueueRecord, { kind: 'log' }> };

/** One line as `POST /loki/api/v1/push` takes it: time in ns, the line, structured metadata. */
type LokiValue = readonly [nanos: string, line: string, metadata: Readonly<Record<string, string>>];

/** https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs */
export interface LokiPush {
  readonly streams: readonly {
    readonly stream: Readonly<Record<string, string>>;
    readonly values: readonly LokiValue[];
  }[];
}

export interface LokiPushOptions {
  /** App and environment of a record, few in number: each pair is a set of streams. */
  readonly place: (record: QueueRecord) => {
    readonly app: string;
    readonly environment?: string | undefined;
  };
  /** More labels for every stream, such as a cluster's name. */
  readonly labels: Readonly<Record<string, string>>;
  readonly window: TimeWindow;
}

/** The categories that become a label. Any other may be anything, and stays with its line. */
const CATEGORIES: ReadonlySet<string> = new Set(['user_action', 'game_event', 'error', 'metric']);

/** Loki refuses a line with more than 64 KiB of metadata (`max_structured_metadata_size`). */
const METADATA_BYTES = 60_000;

/** What an app's own field must not be named beside our labels and metadata; Loki would show one of the two. */
const TAKEN: ReadonlySet<string> = new Set([
  'app',
  'environment',
  'service_name',
  'level',
  'detected_level',
  'category',
  'session',
  'user',
  'producer',
  'tenant',
  'tier',
  'app_version',
  'trace_id',
  'span_id',
  'event_time',
]);

/** A name that LogQL can filter by. https://grafana.com/docs/loki/latest/get-started/labels/#label-format */
function metadataName(field: string): string {
  const name = field.replace(/\W/g, '_');
  return TAKEN.has(name) || !/^(?:[a-z]|_[a-z])/i.test(name) ? `field_${name}` : name;
}

/** A line's metadata, which ends before it is too large for Loki. */
function createMetadata() {
  const made: Record<string, string> = {};
  let left = METADATA_BYTES;
  return {
    made,
    add(name: string, value: Scalar | undefined): void {
      // To Loki an empty value is none.
      if (value === undefined || value === null || value === '' || Object.hasOwn(made, name)) return;
      const text = wellFormed(String(value));
      const bytes = name.length + Buffer.byteLength(text);
      if (bytes > left) {
        made['truncated'] = 'true';
        return;
      }
      left -= bytes;
      made[name] = text;
    },
  };
}

/**
 * The line is the message, as people read it; an error's stack follows it, where they look for one. Whatever has many
 * values is metadata, beside the line: `{app="billiards"} | session="…"`.
 */
function lineOf({ key, record }: LogEntry, { window }: LokiPushOptions): LokiValue {
  const { log, received } = record;
  const { stack, ...fields } = log.fields ?? {};
  const { made, add } = createMetadata();
  const at = placeInTime(log.timestamp, received, window);

  add('session', record.session);
  add('user', record.user);
  add('producer', record.producer);
  add('tier', record.tier);
  add('app_version', record.app?.version);
  add('trace_id', log.traceId);
  add('span_id', log.spanId);
  // In ms, as the page had it.
  if (at !== log.timestamp) add('event_time', log.timestamp);
  if (log.category !== undefined && !CATEGORIES.has(log.category)) add('field_category', log.category);
  for (const [name, value] of Object.entries(fields)) add(metadataName(name), value);
  // The page of the moment, which a field says, before that of the batch.
  add('page', record.page);
  const line = typeof stack === 'string' && stack !== '' ? `${log.message}\n${stack}` : log.message;
  return [nanosOf(at, key), wellFormed(line), made];
}

function labelsOf({ record }: LogEntry, { place, labels }: LokiPushOptions): Record<string, string> {
  const { app, environment } = place(record);
  const { level, category } = record.log;
  return {
    ...labels,
    app: wellFormed(app),
    service_name: wellFormed(app),
    level,
    ...(environment ? { environment: wellFormed(environment) } : {}),
    ...(category !== undefined && CATEGORIES.has(category) ? { category } : {}),
  };
}

function isLog(entry: QueueEntry): entry is LogEntry {
  return entry.record.kind === 'log';
}

/** The push request of some records: one stream for each set of labels, its lines in the order of time. */
export function lokiPush(entries: readonly QueueEntry[], options: LokiPushOptions): LokiPush {
  const streams = new Map<string, { stream: Record<string, string>; values: LokiValue[] }>();
  for (const entry of entries.filter(isLog)) {
    const labels = labelsOf(entry, options);
    const id = JSON.stringify(labels);
    const stream = streams.get(id) ?? { stream: labels, values: [] };
    stream.values.push(lineOf(entry, options));
    streams.set(id, stream);
  }
  for (const { values } of streams.values()) {
    values.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0));
  }
  return { streams: [...streams.values()] };
}
