import type { Batch, LogRecord, MetricPoint, Rejection, SpanRecord } from '../batch';
import { limits } from '../limits';
import { checkPoint, isRecord, TRACE_ID } from './checkPoint';

/** Why the whole body was refused. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/**
 * The result of checking a body. `batch` contains only the valid items, and `rejected` lists the others. If the envelope
 * is invalid, nothing is kept; `status` is then 413 for too many items, otherwise 400.
 */
export type BatchCheck =
  | { readonly ok: true; readonly batch: Batch; readonly rejected: readonly Rejection[] }
  | { readonly ok: false; readonly status: 400 | 413; readonly problems: readonly FieldProblem[] };

/** Returns what is wrong with a value, or an empty string. */
type Check = (input: unknown) => string;

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

const text =
  (max: number, pattern?: RegExp): Check =>
  (input) => {
    if (typeof input !== 'string') return `expected a string, got ${typeName(input)}`;
    if (input.length > max) return `${input.length} characters, the limit is ${max}`;
    return !pattern || pattern.test(input) ? '' : `does not match ${pattern.source}`;
  };

const number =
  (min: number, max: number, whole = false): Check =>
  (input) => {
    if (typeof input !== 'number' || !Number.isFinite(input))
      return `expected a number, got ${typeName(input)}`;
    if (input < min || input > max) return `${input} is not between ${min} and ${max}`;
    return whole && !Number.isInteger(input) ? `${input} is not a whole number` : '';
  };

const oneOf =
  (...values: readonly string[]): Check =>
  (input) =>
    typeof input === 'string' && values.includes(input) ? '' : `expected one of ${values.join(', ')}`;

const fields: Check = (input) => {
  if (!isRecord(input)) return `expected an object, got ${typeName(input)}`;
  const names = Object.keys(input);
  if (names.length > limits.fieldsPerRecord)
    return `${names.length} fields, the limit is ${limits.fieldsPerRecord}`;
  for (const name of names) {
    const value = input[name];
    if (name.length > limits.labelNameLength)
      return `a name has ${name.length} characters, the limit is ${limits.labelNameLength}`;
    if (typeof value === 'object' && value !== null)
      return `${name}: expected a string, number, boolean or null`;
    if (typeof value === 'string' && value.length > limits.fieldLength) {
      return `${name}: ${value.length} characters, the limit is ${limits.fieldLength}`;
    }
  }
  return '';
};

const droppedCounts: Check = (input) => {
  if (!isRecord(input)) return `expected an object, got ${typeName(input)}`;
  const reasons = Object.keys(input);
  if (reasons.length > 32) return `${reasons.length} reasons, the limit is 32`;
  for (const reason of reasons) {
    const problem =
      text(limits.labelNameLength, /^\w+$/)(reason) ||
      number(0, limits.counterIncrement, true)(input[reason]);
    if (problem) return `${reason.slice(0, limits.labelNameLength)}: ${problem}`;
  }
  return '';
};

interface Rule {
  readonly check: Check;
  readonly required?: boolean;
}

/** Fields with their rules. As pairs, because every item is checked against some. */
type Shape = readonly (readonly [name: string, rule: Rule])[];

/** Returns the first field of `input` that breaks its rule in `shape`. Unknown fields pass. */
function shapeProblem(input: unknown, shape: Shape): FieldProblem | undefined {
  if (!isRecord(input)) return { field: 'body', message: `expected an object, got ${typeName(input)}` };
  for (const [field, { check, required }] of shape) {
    const value = input[field];
    if (value === undefined && !required) continue;
    const message = check(value);
    if (message) return { field, message };
  }
  return undefined;
}

const time = number(0, Number.MAX_SAFE_INTEGER);
const traceId = text(32, TRACE_ID);
const spanId = text(16, /^(?!0+$)[\da-f]{16}$/);
const id = text(64, /^[\w-]+$/);

const logShape: Shape = Object.entries({
  level: { check: oneOf('debug', 'info', 'warn', 'error'), required: true },
  message: { check: text(limits.messageLength), required: true },
  timestamp: { check: time, required: true },
  category: { check: text(64, /^\w+$/) },
  fields: { check: fields },
  traceId: { check: traceId },
  spanId: { check: spanId },
});

const spanShape: Shape = Object.entries({
  name: { check: text(limits.nameLength, /\S/), required: true },
  traceId: { check: traceId, required: true },
  spanId: { check: spanId, required: true },
  parentSpanId: { check: spanId },
  start: { check: time, required: true },
  duration: { check: number(0, limits.observation), required: true },
  status: { check: oneOf('ok', 'error') },
  attributes: { check: fields },
});

const appShape: Shape = Object.entries({
  name: { check: text(64, /\S/), required: true },
  version: { check: text(64) },
  environment: { check: text(64) },
});

const app: Check = (input) => {
  const problem = shapeProblem(input, appShape);
  return problem ? `${problem.field}: ${problem.message}` : '';
};

const envelopeShape: Shape = Object.entries({
  v: { check: number(1, 1_000, true) },
  producer: { check: id },
  seq: { check: number(1, Number.MAX_SAFE_INTEGER, true) },
  sentAt: { check: time },
  key: { check: text(128) },
  token: { check: text(4_096) },
  app: { check: app },
  session: { check: text(128) },
  user: { check: text(128) },
  page: { check: text(limits.labelValueLength) },
  dropped: { check: droppedCounts },
});

/** Returns the item as what it is, or a message that says why it is invalid. */
export type Read<T> = (input: unknown) => T | string;

const read =
  <T>(shape: Shape): Read<T> =>
  (input) => {
    const problem = shapeProblem(input, shape);
    // The shape proves that the item has this type.
    return problem ? `${problem.field}: ${problem.message}` : (input as T);
  };

const readLog = read<LogRecord>(logShape);
const readSpan = read<SpanRecord>(spanShape);

function sift<T>(
  items: readonly unknown[],
  read: Read<T>,
  rejected: Rejection[],
  list?: 'logs' | 'spans',
): T[] {
  const good: T[] = [];
  items.forEach((item, index) => {
    const result = read(item);
    if (typeof result === 'string')
      rejected.push(list ? { index, reason: result, list } : { index, reason: result });
    else good.push(result);
  });
  return good;
}

const envelopeNames = envelopeShape.map(([name]) => name);

/** Returns the known fields of an envelope. Unknown ones are dropped: a megabyte can contain ninety thousand. */
function envelopeOf(body: Record<string, unknown>): Omit<Batch, 'metrics'> {
  const kept: Record<string, unknown> = {};
  for (const name of envelopeNames) {
    const value = body[name];
    if (value !== undefined) kept[name] = value;
  }
  // The shape proves that the fields have these types.
  return kept;
}

/**
 * Reads a decoded body as a batch. Never throws. Its messages name the field, what it contains and what was expected,
 * and quote a bounded part of it. `readPoint` replaces `checkPoint` for a caller that already knows most points.
 */
export function checkBatch(body: unknown, readPoint: Read<MetricPoint> = checkPoint): BatchCheck {
  const refuse = (field: string, message: string, status: 400 | 413 = 400): BatchCheck => ({
    ok: false,
    status,
    problems: [{ field, message }],
  });
  const envelope = shapeProblem(body, envelopeShape);
  if (envelope) return refuse(envelope.field, envelope.message);
  const { metrics, logs = [], spans = [], producer, seq } = body as Record<string, unknown>;
  if ((producer === undefined) !== (seq === undefined)) {
    return refuse('producer, seq', 'a batch has both or neither');
  }
  const lists = [['metrics', metrics] as const, ['logs', logs] as const, ['spans', spans] as const];
  for (const [field, list] of lists) {
    if (!Array.isArray(list)) return refuse(field, `expected an array, got ${typeName(list)}`);
    if (list.length > limits.itemsPerBatch) {
      return refuse(field, `${list.length} items, the limit is ${limits.itemsPerBatch}`, 413);
    }
  }
  const rejected: Rejection[] = [];
  const points = sift<MetricPoint>(metrics as unknown[], readPoint, rejected);
  const goodLogs = sift(logs as unknown[], readLog, rejected, 'logs');
  const goodSpans = sift(spans as unknown[], readSpan, rejected, 'spans');
  return {
    ok: true,
    batch: {
      ...envelopeOf(body as Record<string, unknown>),
      metrics: points,
      logs: goodLogs,
      spans: goodSpans,
    },
    rejected,
  };
}
