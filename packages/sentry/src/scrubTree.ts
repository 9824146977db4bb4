import { FILTERED, isError, isPrivateKey, scrubText } from '@artel/telemetry-protocol/scrub';

/** Enough for any event that Sentry builds. What lies beyond is cut, so that cycles end too. */
const MAX_DEPTH = 14;
const MAX_NODES = 20_000;

const ADDRESS_KEY = /^(?:urls?|uri|full|from|to|href|referr?er|target|path|filename|abs_path)$/i;
const QUERY_KEY = /^(?:query|query_string|fragment|search|cookies)$/i;

/** Returns the part of a key after its last dot: span attributes have names like `http.request.header.cookie`. */
function lastWord(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}

/**
 * Removes the query and the fragment, which may contain Telegram's launch parameters, from an absolute or relative
 * address. A hash router's route (`#/game/5`) is kept.
 */
export function cutAddress(address: string): string {
  return scrubText(address.replace(/^([^?#]*)(?:\?[^#]*)?(#\/[^?]*)?.*$/s, '$1$2'));
}

/** Scrubs a text and removes query and fragment from the paths in it: `GET /games?token=...` becomes `GET /games`. */
export function scrubName(name: string): string {
  return scrubText(name.replace(/(^|\s)(\/[^\s?#]*)[?#]\S*/g, '$1$2'));
}

function describeInstance(value: object): string {
  if (isError(value)) return scrubText(`${value.name}: ${value.message}`);
  // Also of another realm, such as an iframe's, where `instanceof` fails.
  if (Object.prototype.toString.call(value) === '[object Date]') {
    const time = Number(value);
    return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
  }
  const name: unknown = value.constructor?.name;
  return `[${typeof name === 'string' && name !== '' ? name : 'Object'}]`;
}

/** Returns whether an object is of no class. Only the root of a realm's prototypes has no prototype itself. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Returns a copy of a tree of plain objects and arrays: strings are scrubbed, values of private keys filtered, addresses
 * cut, and instances of classes (DOM nodes, HTTP errors with their headers) replaced by their names. The original is not
 * changed: a console breadcrumb contains the app's own live objects.
 */
export function scrubTree<T>(tree: T): T {
  let nodes = 0;

  const copy = (original: unknown, key: string, depth: number): unknown => {
    // Sentry's `logger.fmt` makes `String` objects.
    const value = original instanceof String ? String(original) : original;
    if (value === undefined || value === null || typeof value === 'boolean') return value;
    const word = lastWord(key);
    if (isPrivateKey(key, value) || isPrivateKey(word, value)) return FILTERED;
    if (QUERY_KEY.test(word)) return value === '' ? value : FILTERED;
    if (typeof value === 'string') return ADDRESS_KEY.test(word) ? cutAddress(value) : scrubText(value);
    if (typeof value === 'number') return value;
    if (typeof value !== 'object') return typeof value === 'bigint' ? String(value) : `[${typeof value}]`;
    if (depth > MAX_DEPTH || ++nodes > MAX_NODES) return '\u2026';
    if (Array.isArray(value)) return value.map((item) => copy(item, key, depth + 1));
    return isPlain(value) ? copyObject(value, depth) : describeInstance(value);
  };

  const copyObject = (from: object, depth: number): Record<string, unknown> => {
    const to: Record<string, unknown> = {};
    for (const key of Object.keys(from)) {
      try {
        const value: unknown = Reflect.get(from, key);
        // Sentry's own live objects (scopes, spans), which it removes from the event before it is sent.
        to[key] = key === 'sdkProcessingMetadata' ? value : copy(value, key, depth + 1);
      } catch {
        to[key] = '[unreadable]';
      }
    }
    return to;
  };

  // The copy has the keys of the original, and strings in place of strings; no guard could prove it to the compiler.
  return copy(tree, '', 0) as T;
}
