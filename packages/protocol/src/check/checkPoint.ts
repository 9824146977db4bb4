import type { MetricPoint } from '../batch';
import { limits } from '../limits';
import { labelNameProblem, metricNameProblem } from '../names';
import { show } from '../show';

/** Returns whether a value is an object and not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns that `count` of something exceeds its limit, or `undefined`. */
function excess(field: string, count: number, limit: number, unit: string): string | undefined {
  return count > limit ? `${field}: ${count} ${unit}, the limit is ${limit}` : undefined;
}

function nameProblem(name: unknown): string | undefined {
  const problem =
    typeof name === 'string' ? metricNameProblem(name) : `expected a string, got ${typeof name}`;
  return problem && `name: ${problem}`;
}

function labelsProblem(labels: unknown): string | undefined {
  if (labels === undefined) return undefined;
  if (!isRecord(labels)) return 'labels: expected an object of strings';
  const names = Object.keys(labels);
  const many = excess('labels', names.length, limits.labelsPerPoint, 'labels');
  if (many) return many;
  for (const name of names) {
    const value = labels[name];
    const problem = labelNameProblem(name);
    if (problem) return `labels: ${problem}`;
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

/** Returns what is wrong with an increment (`counter`) or an observation (`histogram`), or `undefined`. */
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

/** All zeros is not an id (https://www.w3.org/TR/trace-context/#trace-id), and OTLP receivers refuse it. */
export const TRACE_ID: RegExp = /^(?!0+$)[\da-f]{32}$/;

function exemplarProblem(exemplar: unknown): string | undefined {
  if (!isRecord(exemplar)) return 'exemplar: expected an object';
  const { traceId, value } = exemplar;
  if (typeof traceId !== 'string' || !TRACE_ID.test(traceId)) {
    return `exemplar.traceId: expected 32 lower-case hex digits, not all 0, got ${show(traceId)}`;
  }
  return value === undefined ? undefined : numberProblem('exemplar.value', value, limits.observation);
}

/** Returns what is wrong with a point's value or values, timestamp or exemplar, or `undefined`. */
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

/** Returns `input` as a point, or a message that names the field, what it contains and what was expected. */
export function checkPoint(input: unknown): MetricPoint | string {
  if (!isRecord(input)) return 'expected an object';
  const problem = nameProblem(input['name']) ?? labelsProblem(input['labels']) ?? amountProblem(input);
  // The checks above prove that the fields have these types.
  return problem ?? (input as unknown as MetricPoint);
}
