import { limits } from '@artel/telemetry-protocol';
import {
  cleanText,
  FILTERED,
  isError,
  isPrivateKey,
  scrubText,
  truncate,
} from '@artel/telemetry-protocol/scrub';

/** What bounds one scrubbed value, so that nothing a caller passes can hold up a request. */
export interface TreeBounds {
  readonly depth: number;
  readonly nodes: number;
  readonly items: number;
}

const LINE: TreeBounds = { depth: 8, nodes: 1_000, items: 200 };
const MAX_CAUSES = 4;

const ADDRESS_NAME = /^(?:urls?|uri|full|href|referr?er|location|path|target|filename|abs_path|endpoint)$/i;
const QUERY_NAME = /^(?:query|query_?string|fragment|search|cookies|body|headers)$/i;

type KeyKind = 'plain' | 'private' | 'query' | 'address';

// The names that a program logs are few, and telling what they are is dearer than looking it up.
const kinds = new Map<string, KeyKind>();

function kindOf(key: string): KeyKind {
  const known = kinds.get(key);
  if (known) return known;
  // Span attributes are named like `http.request.header.cookie`.
  const word = key.slice(key.lastIndexOf('.') + 1);
  const kind =
    isPrivateKey(key) || isPrivateKey(word)
      ? 'private'
      : QUERY_NAME.test(word)
        ? 'query'
        : ADDRESS_NAME.test(word)
          ? 'address'
          : 'plain';
  if (kinds.size >= 2_000) kinds.clear();
  kinds.set(key, kind);
  return kind;
}

/** Cuts the query and the fragment of an address, relative ones too, and scrubs the rest. */
export function cutAddress(address: string): string {
  const end = address.search(/[?#]/);
  return cleanText(end < 0 ? address : address.slice(0, end), limits.fieldLength);
}

/** Scrubs a text and cuts the queries of the paths in it: `GET /games?token=…` becomes `GET /games`. */
export function scrubLine(text: string): string {
  const short = truncate(text, limits.messageLength);
  if (!/[?#]/.test(short)) return scrubText(short);
  return scrubText(short.replace(/(^|[\s"'(])(\/[^\s?#"']{0,2000})[?#][^\s"')]*/g, '$1$2'));
}

/** An error as plain fields: scrubbed, with its causes, whatever its getters do. */
export interface PlainError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly cause?: PlainError;
  readonly errors?: readonly PlainError[];
}

function readText(from: object, key: string): string | undefined {
  try {
    const value: unknown = Reflect.get(from, key);
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
  } catch {
    return undefined;
  }
}

function readInner(from: object, key: string): unknown {
  try {
    return Reflect.get(from, key);
  } catch {
    return undefined;
  }
}

/** Makes plain, scrubbed fields of an error and of up to four causes. Never throws. */
export function plainError(error: Error, depth = 0): PlainError {
  const stack = readText(error, 'stack');
  const code = readText(error, 'code');
  const cause = readInner(error, 'cause');
  const inner = readInner(error, 'errors');
  const further = depth < MAX_CAUSES;
  return {
    type: truncate(scrubText(readText(error, 'name') ?? 'Error'), limits.nameLength),
    message: scrubLine(readText(error, 'message') ?? ''),
    ...(stack === undefined ? {} : { stack: scrubLine(stack) }),
    ...(code === undefined ? {} : { code: cleanText(code, limits.nameLength) }),
    ...(further && isError(cause) ? { cause: plainError(cause, depth + 1) } : {}),
    ...(further && Array.isArray(inner)
      ? {
          errors: inner
            .slice(0, MAX_CAUSES)
            .filter(isError)
            .map((one) => plainError(one, MAX_CAUSES)),
        }
      : {}),
  };
}

function describeInstance(value: object): unknown {
  if (value instanceof Date) return Number.isNaN(Number(value)) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL) return cutAddress(value.href);
  const maker: unknown = readInner(value, 'constructor');
  const name = typeof maker === 'function' ? readText(maker, 'name') : undefined;
  return `[${name || 'Object'}]`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

interface Walk {
  nodes: number;
  readonly bounds: TreeBounds;
  readonly path: object[];
}

function copyObject(from: object, walk: Walk, depth: number): Record<string, unknown> {
  const to: Record<string, unknown> = {};
  for (const key of Object.keys(from)) {
    if (walk.nodes >= walk.bounds.nodes) {
      to['…'] = 'cut';
      break;
    }
    try {
      const value = copy(Reflect.get(from, key), key, walk, depth);
      if (value !== undefined && key !== '__proto__') to[truncate(key, limits.nameLength)] = value;
    } catch {
      to[truncate(key, limits.nameLength)] = '[unreadable]';
    }
  }
  return to;
}

function copyInner(value: object, key: string, walk: Walk, depth: number): unknown {
  if (isError(value)) return plainError(value);
  if (walk.path.includes(value)) return '[circular]';
  const { bounds } = walk;
  if (depth >= bounds.depth || ++walk.nodes > bounds.nodes) return '…';
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return describeInstance(value);
  walk.path.push(value);
  try {
    if (!isList) return copyObject(value, walk, depth + 1);
    const items = value.slice(0, bounds.items).map((item) => copy(item, key, walk, depth + 1));
    if (value.length > bounds.items) items.push(`… ${value.length - bounds.items} more`);
    return items;
  } finally {
    walk.path.pop();
  }
}

function copy(value: unknown, key: string, walk: Walk, depth: number): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  const kind = kindOf(key);
  if (kind === 'private' || (kind === 'query' && value !== '')) return FILTERED;
  walk.nodes++;
  switch (typeof value) {
    case 'string':
      return kind === 'address' ? cutAddress(value) : cleanText(value, limits.fieldLength);
    case 'number':
      return value;
    case 'bigint':
      return String(value);
    case 'object':
      // Telegram's user, receiver or chat is told by what it holds beside its name.
      return isPrivateKey(key.slice(key.lastIndexOf('.') + 1), value)
        ? FILTERED
        : copyInner(value, key, walk, depth);
    default:
      return undefined;
  }
}

/**
 * Copies what a caller passed into plain JSON values with every text scrubbed by the protocol's rules, the values of
 * private names (`token`, `initData`, `first_name`, …) and of whole queries, bodies and headers filtered, addresses
 * without their query, errors as plain fields, and instances of classes named instead of opened. Bounded in depth,
 * values and lengths; never throws, whatever getters, proxies and cycles do.
 */
export function scrubTree(value: unknown, key = '', bounds = LINE): unknown {
  try {
    return copy(value, key, { nodes: 0, bounds, path: [] }, 0);
  } catch {
    return '[unreadable]';
  }
}

/** Scrubs the fields of an object as {@link scrubTree} does; what has no fields answers none. */
export function scrubFields(fields: object, bounds = LINE): Record<string, unknown> {
  try {
    return copyObject(fields, { nodes: 0, bounds, path: [fields] }, 0);
  } catch {
    return {};
  }
}
