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

function weigh(text: string, fields: Fields = {}): number {
  let bytes = FRAME + utf8Length(text);
  for (const name in fields) bytes += utf8Length(`"":"",${name}${fields[name]}`);
  // JSON escapes some characters.
  return bytes * 1.1;
}

export function createWindow(scrub: Scrubber): EventWindow {
  const points = new Map<string, Item<OpenPoint>>();
  const logs: Item<LogRecord>[] = [];
  const spans: Item<SpanRecord>[] = [];

  const scrubFields = (fields: object): Record<string, unknown> => {
    const clean: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) {
      clean[scrub(name)] = typeof value === 'string' ? scrub(value) : value;
    }
    return clean;
  };

  /** Scrubs what callers have written: message or name, and labels, fields or attributes. Ids and the like stay. */
  const clean = <T extends object>(item: Item<T>): T => {
    if (item.clean) return item.record;
    const scrubbed: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(item.record)) {
      if (/^(?:message|name)$/.test(key)) scrubbed[key] = scrub(String(value));
      else if (Object(value) === value && !Array.isArray(value)) scrubbed[key] = scrubFields(value);
    }
    const record = { ...item.record, ...scrubbed };
    if (scrub.full) {
      item.clean = true;
      item.record = record;
    }
    return record;
  };
  const list = <T extends object>(items: Iterable<Item<T>>): readonly T[] => Array.from(items, clean<T>);
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
      metrics: list(points.values()),
      logs: logs[0] && list(logs),
      spans: spans[0] && list(spans),
    }),
    counts: () => [points.values(), logs, spans].map(events),
  };
  return window;
}
