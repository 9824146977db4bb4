import {
  type Fields,
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
interface WindowContent {
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
  /** Bytes of JSON that the content will take, slightly overrated. */
  bytes: number;
  /** Points, logs and spans. */
  items(): number;
  /** Adds to the point under `key`; `false` when there is none, or it is full. */
  add(key: string, amount: number): boolean;
  open(key: string, point: OpenPoint): void;
  addLog(record: LogRecord): void;
  addSpan(record: SpanRecord): void;
  content(): WindowContent;
}

/** Bytes of a point, a log line or a span beside its texts, and of one observation. */
const FRAME = 140;
const VALUE = 12;

/** Bytes of a text and of fields, with what JSON puts between and escapes. */
function weigh(text: string, fields: Fields = {}): number {
  let bytes = FRAME + utf8Length(text);
  for (const name in fields) bytes += utf8Length(`"":"",${name}${fields[name]}`);
  return bytes * 1.1;
}

export function createWindow(): EventWindow {
  const points = new Map<string, OpenPoint>();
  const logs: LogRecord[] = [];
  const spans: SpanRecord[] = [];

  const window: EventWindow = {
    events: 0,
    priority: 0,
    bytes: 0,
    items: () => points.size + logs.length + spans.length,
    add(key, amount) {
      const point = points.get(key);
      if (point?.values) {
        if (point.values.length >= limits.valuesPerPoint) return false;
        point.values.push(amount);
        window.bytes += VALUE;
        return true;
      }
      if (point?.value === undefined || point.value + amount > limits.counterIncrement) return false;
      point.value += amount;
      return true;
    },
    open(key, point) {
      const full = points.get(key);
      if (full) points.set(`${key}\n${points.size}`, full);
      points.set(key, point);
      window.bytes += weigh(point.name, point.labels);
      window.priority ||= 1;
    },
    addLog(record) {
      logs.push(record);
      window.bytes += weigh(record.message, record.fields);
    },
    addSpan(record) {
      spans.push(record);
      window.bytes += weigh(record.name, record.attributes) + FRAME;
    },
    content: () => ({
      metrics: [...points.values()],
      ...(logs[0] && { logs }),
      ...(spans[0] && { spans }),
    }),
  };
  return window;
}
