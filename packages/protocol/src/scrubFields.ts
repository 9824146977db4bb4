import type { Fields, Scalar } from './batch';
import { limits } from './limits';
import { scrubText } from './scrub';
import { FILTERED, isPrivateKey } from './scrubNames';

/** Shortens `text` to `max` UTF-16 units, with `…` as the last where something was cut. */
export function truncate(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}

/** Truncates, scrubs, and truncates again: a text of any length costs no more than one of `max`. */
export function cleanText(text: string, max: number): string {
  return truncate(scrubText(truncate(text, max)), max);
}

/** An error by its name and message, and those of what caused it. Nothing else: an axios error holds its headers. */
function tell(error: Error, depth = 4): string {
  const { cause } = error;
  const because = depth > 0 && cause instanceof Error ? ` (caused by ${tell(cause, depth - 1)})` : '';
  return `${error.name}: ${error.message}${because}`;
}

/** A nested value as JSON, with private keys filtered; what is met again, and what is over the budget, is `…`. */
function flatten(value: object): string {
  const met = new WeakSet<object>();
  let budget = 500;
  return JSON.stringify(value, function (this: Record<string, unknown>, key, told: unknown) {
    if (isPrivateKey(key, told)) return FILTERED;
    // What it was before its `toJSON`: axios' tells the request with its headers.
    const inner = this[key] instanceof Error ? tell(this[key]) : told;
    if (typeof inner === 'bigint') return String(inner);
    if (typeof inner === 'string') return truncate(inner, limits.fieldLength);
    if (typeof inner !== 'object' || inner === null) return inner;
    if (met.has(inner) || --budget < 0) return '…';
    met.add(inner);
    return Array.isArray(inner) ? inner.slice(0, budget) : inner;
  });
}

function describe(input: object, key: string, max: number): Scalar | undefined {
  try {
    const value = (input as Record<string, unknown>)[key];
    if (isPrivateKey(key, value)) return FILTERED;
    if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) return undefined;
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    const text = typeof value !== 'object' ? value : value instanceof Error ? tell(value) : flatten(value);
    return cleanText(String(text), max);
  } catch {
    return '[unreadable]';
  }
}

/**
 * Makes flat, safe fields of whatever a caller passed: strings scrubbed and truncated, private keys filtered, nested
 * values as JSON, `undefined` and functions left out, at most `limits.fieldsPerRecord`, and no more once they have
 * come to `budget` characters. Never throws, whatever the getters, proxies or cycles of `input` do.
 */
export function cleanFields(input: unknown, budget = Number.POSITIVE_INFINITY): Fields {
  const fields: Record<string, Scalar> = {};
  let count = 0;
  let left = budget;
  try {
    // What is no object has no fields, and `null` no keys.
    for (const key of typeof input === 'object' ? Object.keys(input as object) : []) {
      const value = describe(input as object, key, Math.min(limits.fieldLength, left));
      if (value === undefined || key === '__proto__') continue;
      fields[cleanText(key, limits.labelNameLength)] = value;
      left -= key.length + String(value).length;
      if (++count >= limits.fieldsPerRecord || left <= 0) break;
    }
  } catch {
    // A proxy that refuses its keys: what was read so far is all there is.
  }
  return fields;
}
