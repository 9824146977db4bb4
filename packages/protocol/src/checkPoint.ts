import type { MetricPoint } from './batch';
import { limits } from './limits';
import { LABEL_NAME, NAME, RESERVED_LABEL, RESERVED_NAME } from './names';

function show(value: unknown): string {
  // Not by `String`: it throws for an object with a `toString` of its own, as JSON may have.
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}… (${text.length} characters)` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says that `count` of something is over its limit, or `undefined`. */
function excess(field: string, count: number, limit: number, unit: string): string | undefined {
  return count > limit ? `${field}: ${count} ${unit}, the limit is ${limit}` : undefined;
}

/** Says what is wrong with a metric name, or `undefined`. https://prometheus.io/docs/concepts/data_model/ */
function nameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return `name: expected a string, got ${typeof name}`;
  const long = excess('name', name.length, limits.nameLength, 'characters');
  if (long) return long;
  if (!NAME.test(name)) return `name: ${show(name)} is not a Prometheus metric name, ${NAME.source}`;
  return RESERVED_NAME.test(name) ? `name: ${show(name)} is reserved` : undefined;
}

/** Says what is wrong with a set of labels, or `undefined`. */
function labelsProblem(labels: unknown): string | undefined {
  if (labels === undefined) return undefined;
  if (!isRecord(labels)) return 'labels: expected an object of strings';
  const names = Object.keys(labels);
  const many = excess('labels', names.length, limits.labelsPerPoint, 'labels');
  if (many) return many;
  for (const name of names) {
    const value = labels[name];
    if (name.length > limits.labelNameLength || !LABEL_NAME.test(name)) {
      return `labels: ${show(name)} is not a Prometheus label name, ${LABEL_NAME.source}`;
    }
    if (RESERVED_LABEL.test(name)) return `labels: ${show(name)} is reserved`;
    const field = `labels.${name}`;
    if (typeof value !== 'string') return `${field}: expected a string, got ${typeof value}`;
    const long = excess(field, value.length, limits.labelValueLength, 'characters');
    if (long) return long;
  }
  return undefined;
}

function numberProblem(field: string, value: unknown, max: number): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return `${field}: expected a finite number, got ${show(value)}`;
  if (value < 0 || value > max) return `${field}: ${value} is not between 0 and ${max}`;
  return undefined;
}

/** Says what is wrong with an increment (`counter`) or an observation (`histogram`), or `undefined`. */
export function valueProblem(
  value: unknown,
  kind: 'counter' | 'histogram' = 'histogram',
): string | undefined {
  return numberProblem('value', value, kind === 'counter' ? limits.counterIncrement : limits.observation);
}

function valuesProblem(values: unknown): string | undefined {
  if (!Array.isArray(values)) return 'values: expected an array of numbers';
  if (values.length === 0) return 'values: is empty';
  const many = excess('values', values.length, limits.valuesPerPoint, 'observations');
  if (many) return many;
  const wrong = values.findIndex((value) => numberProblem('', value, limits.observation) !== undefined);
  return wrong < 0 ? undefined : numberProblem(`values[${wrong}]`, values[wrong], limits.observation);
}

const TRACE_ID = /^(?!0+$)[\da-f]{32}$/;

function exemplarProblem(exemplar: unknown): string | undefined {
  if (!isRecord(exemplar)) return 'exemplar: expected an object';
  const { traceId, value } = exemplar;
  if (typeof traceId !== 'string' || !TRACE_ID.test(traceId)) {
    return `exemplar.traceId: expected 32 lower-case hex digits, not all 0, got ${show(traceId)}`;
  }
  return value === undefined ? undefined : numberProblem('exemplar.value', value, limits.observation);
}

/** Says what is wrong with what a point brings to its series: value or values, time, exemplar; or `undefined`. */
export function amountProblem({
  value,
  values,
  timestamp,
  exemplar,
}: Readonly<Record<string, unknown>>): string | undefined {
  if (value !== undefined && values !== undefined) return 'value and values: a point takes one of the two';
  return (
    (value === undefined ? undefined : valueProblem(value)) ??
    (values === undefined ? undefined : valuesProblem(values)) ??
    (timestamp === undefined ? undefined : numberProblem('timestamp', timestamp, Number.MAX_SAFE_INTEGER)) ??
    (exemplar === undefined ? undefined : exemplarProblem(exemplar))
  );
}

/** The point that `input` is, or a sentence that names the field, what it holds and what was expected. */
export function checkPoint(input: unknown): MetricPoint | string {
  if (!isRecord(input)) return 'expected an object';
  const problem = nameProblem(input['name']) ?? labelsProblem(input['labels']) ?? amountProblem(input);
  // The checks above are the proof that the fields have these types.
  return problem ?? (input as unknown as MetricPoint);
}
