import {
  type Fields,
  type LogRecord,
  limits,
  type MetricPoint,
  type SpanRecord,
  utf8Length,
} from '@artel/telemetry-protocol';
import type { Scrubber } from './scrubber';

/** What a full outbox drops first: log lines and spans (0), then metrics (1), urgent events (2) last. */
export type Priority = 0 | 1 | 2;

/** What a window contains when it is sealed, every text scrubbed. */
interface WindowContent {
  readonly metrics: readonly MetricPoint[];
  readonly logs: readonly LogRecord[] | undefined;
  readonly spans: readonly SpanRecord[] | undefined;
}

/**
 * The open window: counters of one series merge into one point, observations of one series collect into `values`, logs
 * and spans stand alone. A series is found by a key that the caller makes of name and labels, so that a repeated event
 * costs one look-up.
 *
 * Texts are kept as they were recorded, in memory only, and scrubbed on the way out, by `content`.
 */
export interface EventWindow {
  /** Events inside, as the books count them. */
  events: number;
  priority: Priority;
  /** Bytes of JSON that the content will take, slightly overestimated. */
  bytes: number;
  /** Points, logs and spans. */
  items(): number;
  /** Adds to the point under `key`; `false` when there is none, or it is full. */
  add(key: string, amount: number): boolean;
  /** Opens a point; `isCounter` tells whether `amount` is an increment or an observation. */
  open(key: string, isCounter: boolean, amount: number, point: SeriesPoint): void;
  /** Adds a log line; `alone` when it is an event of its own and not the line of a counted one. */
  addLog(record: LogRecord, alone: boolean): void;
  addSpan(record: SpanRecord): void;
  content(): WindowContent;
  /** Events by list and index, for the items that the gateway refuses. */
  counts(): readonly (readonly number[])[];
}

/** A point without its value. */
type SeriesPoint = Required<Pick<MetricPoint, 'name' | 'labels' | 'timestamp'>>;

interface OpenPoint extends SeriesPoint {
  value?: number;
  values?: number[];
}

interface Item<T> {
  record: T;
  events: number;
  /** Whether the record is scrubbed for good. */
  clean?: boolean;
}

/** Characters of one line's or span's fields together, so that no single one makes a batch too large for a beacon. */
export const FIELDS = 10_240;

/** Bytes of a point, a log line or a span without its texts, and of one observation. */
const FRAME = 140;
const VALUE = 12;

/** Short texts count double: cheaper than to look at them, and enough for the alphabets of most players. */
const SHORT = 64;

const weighText = (text: string): number => (text.length < SHORT ? 2 * text.length : utf8Length(text));

function weigh(text: string, fields: Fields = {}): number {
  let bytes = FRAME + weighText(text);
  for (const name of Object.keys(fields)) bytes += 6 + weighText(name) + weighText(String(fields[name]));
  // JSON escapes some characters.
  return bytes * 1.1;
}

export function createWindow(scrub: Scrubber): EventWindow {
  const points = new Map<string, Item<OpenPoint>>();
  const logs: Item<LogRecord>[] = [];
  const spans: Item<SpanRecord>[] = [];

  const scrubFields = <T extends Fields>(fields: T | undefined): T => {
    const clean: Record<string, unknown> = {};
    // Not `for in`: a page may have added to `Object.prototype`.
    for (const name of Object.keys(fields ?? {})) {
      const value = fields?.[name];
      clean[scrub(name)] = typeof value === 'string' ? scrub(value) : value;
    }
    // The same names and types; a text stays a text.
    return clean as T;
  };

  /** The records, with what callers have written scrubbed by `clean`. */
  const list = <T>(items: Iterable<Item<T>>, clean: (record: T) => T): readonly T[] =>
    Array.from(items, (item) => {
      if (item.clean) return item.record;
      const record = clean(item.record);
      if (scrub.full) {
        item.clean = true;
        item.record = record;
      }
      return record;
    });
  const events = (items: Iterable<Item<unknown>>) => Array.from(items, (item) => item.events);

  const window: EventWindow = {
    events: 0,
    priority: 0,
    bytes: 0,
    items: () => points.size + logs.length + spans.length,
    add(key, amount) {
      const item = points.get(key);
      if (!item) return false;
      const { record } = item;
      if (record.values) {
        if (record.values.length >= limits.valuesPerPoint) return false;
        record.values.push(amount);
        window.bytes += VALUE;
      } else {
        const value = (record.value ?? 0) + amount;
        if (value > limits.counterIncrement) return false;
        record.value = value;
      }
      item.events++;
      return true;
    },
    open(key, isCounter, amount, point) {
      const full = points.get(key);
      if (full) points.set(`${key}\n${points.size}`, full);
      const record = isCounter ? { ...point, value: amount } : { ...point, values: [amount] };
      points.set(key, { record, events: 1 });
      window.bytes += weigh(point.name, point.labels);
      window.priority ||= 1;
    },
    addLog(record, alone) {
      logs.push({ record, events: alone ? 1 : 0 });
      window.bytes += weigh(record.message, record.fields);
    },
    addSpan(record) {
      spans.push({ record, events: 1 });
      window.bytes += weigh(record.name, record.attributes) + FRAME;
    },
    content: () => ({
      metrics: list(points.values(), (point) => ({
        ...point,
        name: scrub(point.name),
        labels: scrubFields(point.labels),
      })),
      logs:
        logs[0] &&
        list(logs, (log) => ({ ...log, message: scrub(log.message), fields: scrubFields(log.fields) })),
      spans:
        spans[0] &&
        list(spans, (span) => ({
          ...span,
          name: scrub(span.name),
          attributes: scrubFields(span.attributes),
        })),
    }),
    counts: () => [points.values(), logs, spans].map(events),
  };
  return window;
}
