import { limits } from '../limits';
import { FILTERED, isPrivateKey } from './names';
import { truncate } from './truncate';

/** An error in words, within the limits of a log record. Not scrubbed. */
export interface ErrorDescription {
  /** `NonError` for a thrown value that is not an error. */
  readonly name: string;
  /** Includes the causes, and the errors of an `AggregateError`: `x (caused by RangeError: y; TypeError: z)`. */
  readonly message: string;
  readonly stack?: string;
}

/** Members of objects and arrays in one description, at all depths, and how many of them an error stands for. */
const MAX_MEMBERS = 500;
const ERROR = 60;
/** Characters that count as one more member: all of them together are about what a field may contain. */
const MEMBER_LENGTH = 16;

export const UNREADABLE = '[unreadable]';
const MORE = '\u2026';

const quote = (text: string): string => JSON.stringify(truncate(text, limits.fieldLength));

/**
 * Returns whether a value is an error, including a `DOMException` and an error of another realm, such as an iframe's.
 * Never throws.
 */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || /^\[object (?:Error|DOMEx)/.test(Object.prototype.toString.call(value));
  } catch {
    return false;
  }
}

/** Replaces a date or a URL, and whatever has a `toJSON` of its own, by what it returns. */
function unwrap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const toJSON: unknown = Reflect.get(value, 'toJSON');
  // Old libraries give one to every array and object.
  if (typeof toJSON !== 'function' || toJSON === Reflect.get(Object.prototype, 'toJSON')) return value;
  // An invalid date returns null.
  return toJSON.call(value) ?? String(value);
}

interface Description {
  text(value: unknown): string;
  message(error: Error): string;
}

/** One description, which has bounds of its own. */
function startDescription(): Description {
  /** The objects around the current one, and the errors so far: meeting one of them again is a cycle. */
  const path: unknown[] = [];
  let left = MAX_MEMBERS;

  /** The message and the chain of causes. Nothing else of an error: an HTTP client's also has the request's headers. */
  const message = (error: Error): string => {
    path.push(error);
    const own = truncate(text(error.message), limits.messageLength);
    const causes: string[] = [];
    try {
      for (const inner of ([] as unknown[]).concat(error.cause, (error as AggregateError).errors)) {
        left -= ERROR;
        if (inner != null && left > 0 && !path.includes(inner)) causes.push(text(inner));
      }
    } catch {
      causes.push(UNREADABLE);
    }
    return causes[0] ? `${own} (caused by ${causes.join('; ')})` : own;
  };

  const members = (value: object, isList: boolean): string[] => {
    const found: string[] = [];
    for (const key of Object.keys(value)) {
      let member: string | undefined;
      try {
        const inner: unknown = Reflect.get(value, key);
        member = isPrivateKey(key, inner) ? quote(FILTERED) : json(inner);
      } catch {
        member = quote(UNREADABLE);
      }
      if (isList) found.push(member ?? 'null');
      else if (member) found.push(`${quote(key)}:${member}`);
      left -= 1 + (member?.length ?? 0) / MEMBER_LENGTH;
      if (left <= 0) break;
    }
    return found;
  };

  /** As `JSON.stringify`, but with private members filtered, and without what a page's own `toJSON` does to it. */
  const json = (input: unknown): string | undefined => {
    const value = isError(input) ? text(input) : unwrap(input);
    if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined;
    if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
    if (typeof value !== 'object') return quote(String(value));
    if (path.includes(value)) return quote(MORE);
    const isList = Array.isArray(value);
    path.push(value);
    const inner = members(value, isList);
    path.pop();
    return isList ? `[${inner}]` : `{${inner}}`;
  };

  const text = (input: unknown): string => {
    if (isError(input)) return path.includes(input) ? MORE : `${input.name || 'Error'}: ${message(input)}`;
    const value = unwrap(input);
    return String(typeof value === 'object' ? json(value) : value);
  };

  return { text, message };
}

/** A value as text: a text itself, an error by name and message, anything else as JSON. Throws where reading it throws. */
export const describeValue = (value: unknown): string => startDescription().text(value);

/** Describes whatever was thrown. Never throws. */
export function describeError(error: unknown): ErrorDescription {
  try {
    const { text, message } = startDescription();
    const known = isError(error);
    const stack = known && error.stack;
    return {
      name: known ? truncate(String(error.name) || 'Error', limits.nameLength) : 'NonError',
      message: truncate(known ? message(error) : text(error), limits.messageLength),
      ...(typeof stack === 'string' && { stack: truncate(stack, limits.fieldLength) }),
    };
  } catch {
    return { name: 'NonError', message: 'an error that cannot be read' };
  }
}
