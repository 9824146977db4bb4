import {
  type Labels,
  type LogRecord,
  limits,
  type MetricPoint,
  type SpanRecord,
  utf8Length,
} from '@artel/telemetry-protocol';

interface OpenPoint {
  readonly name: string;
  readonly labels: Labels;
  readonly timestamp: number;
  value?: number;
  values?: number[];
}

/** How much a window's events matter when the outbox must choose: plain logs, metrics, what cannot wait. */
export type Priority = 0 | 1 | 2;

/** What a window holds when it is sealed. */
export interface WindowContent {
  readonly metrics: readonly MetricPoint[];
  readonly logs?: readonly LogRecord[];
  readonly spans?: readonly SpanRecord[];
}

/**
 * The open window: counters of one series merge into one point, timings of one series collect into `values`, logs
 * and spans stand alone. A series is found by a key that the caller makes of the raw name and labels, so that a
 * repeated event costs one look-up.
 */
export interface EventWindow {
  /** Events inside, as the books count them. */
  events: number;
  priority: Priority;
  /** Points, logs and spans. */
  readonly items: number;
  /** Bytes of JSON that the content will take, slightly overrated. */
  readonly bytes: number;
  /** Adds `n` to the counter under `key`; `false` when the window has none yet. */
  increment(key: string, n: number): boolean;
  openCounter(key: string, name: string, labels: Labels, n: number, timestamp: number): void;
  /** Adds an observation to the series under `key`; `false` when the window has none yet, or it is full. */
  observe(key: string, value: number): boolean;
  openHistogram(key: string, name: string, labels: Labels, value: number, timestamp: number): void;
  addLog(record: LogRecord): void;
  addSpan(record: SpanRecord): void;
  content(): WindowContent;
}

const POINT_BYTES = 60;
const VALUE_BYTES = 12;
const RECORD_BYTES = 140;

function recordBytes(fields: Readonly<Record<string, unknown>> | undefined): number {
  let bytes = RECORD_BYTES;
  for (const name in fields) {
    const value = fields[name];
    bytes += utf8Length(name) + (typeof value === 'string' ? utf8Length(value) * 1.1 : 24) + 6;
  }
  return bytes;
}

export function createWindow(): EventWindow {
  const points = new Map<string, OpenPoint>();
  const full: OpenPoint[] = [];
  const logs: LogRecord[] = [];
  const spans: SpanRecord[] = [];
  let bytes = 0;

  const open = (key: string, point: OpenPoint) => {
    const before = points.get(key);
    if (before) full.push(before);
    points.set(key, point);
    bytes += POINT_BYTES + utf8Length(point.name) + recordBytes(point.labels) - RECORD_BYTES;
  };

  return {
    events: 0,
    priority: 0,
    get items() {
      return points.size + full.length + logs.length + spans.length;
    },
    get bytes() {
      return bytes;
    },
    increment(key, n) {
      const point = points.get(key);
      if (point?.value === undefined || point.value + n > limits.counterIncrement) return false;
      point.value += n;
      return true;
    },
    openCounter(key, name, labels, value, timestamp) {
      open(key, { name, labels, timestamp, value });
    },
    observe(key, value) {
      const values = points.get(key)?.values;
      if (values === undefined || values.length >= limits.valuesPerPoint) return false;
      values.push(value);
      bytes += VALUE_BYTES;
      return true;
    },
    openHistogram(key, name, labels, value, timestamp) {
      open(key, { name, labels, timestamp, values: [value] });
    },
    addLog(record) {
      logs.push(record);
      bytes += recordBytes(record.fields) + utf8Length(record.message) * 1.1;
    },
    addSpan(record) {
      spans.push(record);
      bytes += recordBytes(record.attributes) + utf8Length(record.name) + 100;
    },
    content: () => ({
      metrics: [...full, ...points.values()],
      ...(logs.length > 0 ? { logs } : {}),
      ...(spans.length > 0 ? { spans } : {}),
    }),
  };
}
