import type { Fields, Scalar } from '../batch';
import { limits } from '../limits';
import { describeValue, isError, UNREADABLE } from './describe';
import { FILTERED, isPrivateKey } from './names';
import { truncate } from './truncate';

function readField(from: object, key: string, max: number, shorten: typeof truncate): Scalar | undefined {
  try {
    const value: unknown = Reflect.get(from, key);
    if (isPrivateKey(key, value)) return FILTERED;
    if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) return undefined;
    if (value === null || typeof value === 'boolean') return value;
    return typeof value === 'number' && Number.isFinite(value) ? value : shorten(describeValue(value), max);
  } catch {
    return UNREADABLE;
  }
}

/** `readFields` with another function in place of `truncate`. */
export function shortenFields(input: unknown, budget: number, shorten: typeof truncate): Fields {
  const fields: Record<string, Scalar> = {};
  let count = 0;
  let left = budget;
  // An error has no fields to list.
  const from: unknown = isError(input) ? { error: input } : input;
  try {
    for (const key of typeof from === 'object' && from !== null ? Object.keys(from) : []) {
      const name = shorten(key, limits.labelNameLength);
      const max = Math.min(limits.fieldLength, left - name.length);
      const value = max > 0 ? readField(from as object, key, max, shorten) : '';
      if (value === undefined || key === '__proto__') continue;
      left -= name.length + String(value).length;
      if (max <= 0 || left < 0 || ++count > limits.fieldsPerRecord) break;
      fields[name] = value;
    }
  } catch {
    // A proxy refused its keys: the fields read so far remain.
  }
  return fields;
}

/**
 * Makes flat fields of whatever a caller passed: values of private names filtered, texts truncated, nested values as
 * JSON, errors by name and message (also an error in place of fields, as `error`), without `undefined`, functions and symbols. At most `limits.fieldsPerRecord` fields
 * and, counting names and values, `budget` characters. Not scrubbed. Never throws, whatever getters, proxies and cycles
 * `input` has.
 */
export function readFields(input: unknown, budget: number = Number.POSITIVE_INFINITY): Fields {
  return shortenFields(input, budget, truncate);
}
