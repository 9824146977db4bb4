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

/** Errors in one description: the error itself, its causes, their causes. */
const MAX_ERRORS = 8;
/** Characters that a member of an object or array counts for beside its name and text, so that their number is bounded. */
const MEMBER = 16;

export const UNREADABLE = '[unreadable]';
/** Stands for what is left out. */
const MORE = '\u2026';
const REST = `"${MORE}"`;

/** What one description has used of its bounds. */
interface Walk {
  /** The objects around the current one: meeting one of them again is a cycle. */
  readonly path: object[];
  /** The errors that are described already. */
  readonly errors: object[];
  /** Characters of JSON so far, roughly. */
  size: number;
}

const startWalk = (): Walk => ({ path: [], errors: [], size: 0 });

/**
 * Returns whether a value is an error, including one of another realm such as an iframe's, a `DOMException`, and a copy
 * that has kept name, message and stack. Never throws.
 */
export function isError(value: unknown): value is Error {
  try {
    return (
      value instanceof Error ||
      /^\[object (?:Error|DOMEx)/.test(Object.prototype.toString.call(value)) ||
      ['name', 'message', 'stack'].every((key) => typeof Reflect.get(Object(value), key) === 'string')
    );
  } catch {
    return false;
  }
}

function messageOf(error: Error, walk: Walk): string {
  const { message } = error;
  walk.errors.push(error);
  const causes: string[] = [];
  for (const key of ['cause', 'errors']) {
    try {
      const inner: unknown = Reflect.get(error, key);
      for (const one of Array.isArray(inner) ? inner.slice(0, MAX_ERRORS) : [inner])
        if (one != null && !walk.errors.includes(one)) causes.push(textOf(one, walk));
    } catch {
      causes.push(UNREADABLE);
    }
  }
  const own = truncate(typeof message === 'string' ? message : textOf(message, walk), limits.messageLength);
  return causes[0] === undefined ? own : `${own} (caused by ${causes.join('; ')})`;
}

/** Of an error nothing but name and message: an HTTP client's error also has the request with its headers. */
function errorText(error: Error, walk: Walk): string {
  if (walk.errors.length >= MAX_ERRORS || walk.errors.includes(error)) return MORE;
  return `${error.name || 'Error'}: ${messageOf(error, walk)}`;
}

/** Replaces an error by its text, and an object with a `toJSON`, such as a date, by what it returns. */
function unwrap(value: unknown, walk: Walk): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return errorText(value, walk);
  // Old libraries give every array and object a `toJSON`, which makes other text of them.
  const toJSON: unknown = Array.isArray(value) ? undefined : Reflect.get(value, 'toJSON');
  if (typeof toJSON !== 'function' || toJSON === Reflect.get(Object.prototype, 'toJSON')) return value;
  // An invalid date returns null.
  return toJSON.call(value) ?? String(value);
}

function quote(text: string, walk: Walk): string {
  const short = truncate(text, limits.fieldLength);
  walk.size += short.length;
  return JSON.stringify(short);
}

function memberJson(from: object, key: string, walk: Walk): string | undefined {
  try {
    const value: unknown = Reflect.get(from, key);
    return isPrivateKey(key, value) ? quote(FILTERED, walk) : toJson(unwrap(value, walk), walk);
  } catch {
    return quote(UNREADABLE, walk);
  }
}

/**
 * As `JSON.stringify`, but bounded, with private members filtered and without what a page's own `toJSON` does to it;
 * NaN and Infinity become text.
 */
function toJson(value: unknown, walk: Walk): string | undefined {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean' || value === null)
    return String(value);
  if (typeof value !== 'object' || value === null) return quote(String(value), walk);
  const { path } = walk;
  if (path.includes(value)) return REST;
  path.push(value);
  const isList = Array.isArray(value);
  const members: string[] = [];
  for (const key of Object.keys(value)) {
    walk.size += MEMBER;
    if (walk.size > limits.fieldLength) {
      members.push(isList ? REST : `${REST}:${REST}`);
      break;
    }
    const member = memberJson(value, key, walk);
    if (isList) members.push(member ?? 'null');
    else if (member !== undefined) members.push(`${quote(key, walk)}:${member}`);
  }
  path.pop();
  return isList ? `[${members}]` : `{${members}}`;
}

function textOf(input: unknown, walk: Walk): string {
  const value = unwrap(input, walk);
  return typeof value === 'object' && value !== null
    ? (toJson(value, walk) ?? '')
    : typeof value === 'function'
      ? '[function]'
      : String(value);
}

/** A value as text: a text itself, an error by name and message, anything else as JSON. Throws where reading it throws. */
export function describeValue(value: unknown): string {
  return textOf(value, startWalk());
}

/** Describes whatever was thrown. Never throws. */
export function describeError(error: unknown): ErrorDescription {
  try {
    const walk = startWalk();
    if (!isError(error))
      return { name: 'NonError', message: truncate(textOf(error, walk), limits.messageLength) };
    const { name, stack } = error;
    return {
      name: truncate(String(name) || 'Error', limits.nameLength),
      message: truncate(messageOf(error, walk), limits.messageLength),
      ...(typeof stack === 'string' && { stack: truncate(stack, limits.fieldLength) }),
    };
  } catch {
    return { name: 'NonError', message: 'an error that cannot be read' };
  }
}
