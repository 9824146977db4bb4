import { randomHex } from '../page/environment';

/** Log lines for one and the same error; after that it is only counted. */
const LINES = 5;
/** Different errors that are remembered. */
const ERRORS = 200;

/** Remembers which errors have had their log lines. */
export interface ErrorMemory {
  /** Returns whether this error object is reported for the first time. */
  isNew(error: unknown): boolean;
  /** Returns whether an error with this text still gets a log line, and counts it. */
  mayLog(text: string): boolean;
}

/** 32-bit FNV-1a: a hash retains nothing of a text that may be a megabyte long. http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum;
}

const ids = new WeakMap<object, string>();

/**
 * Returns the id of an error's report, 32 hex digits: for an object the same at each call, for a primitive a new one. For
 * other libraries, such as Sentry, that report the same error.
 */
export function eventIdOf(error: unknown): string {
  const key: object = Object(error);
  const id = ids.get(key) ?? randomHex(globalThis, 16);
  ids.set(key, id);
  return id;
}

export function createErrorMemory(): ErrorMemory {
  const objects = new WeakSet<object>();
  const lines = new Map<number, number>();
  return {
    isNew(error) {
      if (Object(error) !== error) return true;
      const known = objects.has(error as object);
      objects.add(error as object);
      return !known;
    },
    mayLog(text) {
      const key = hash(text);
      const logged = lines.get(key) ?? 0;
      // Inserted anew, so that the first key is always the one not seen for longest.
      lines.delete(key);
      lines.set(key, logged + 1);
      for (const oldest of lines.keys()) {
        if (lines.size <= ERRORS) break;
        lines.delete(oldest);
      }
      return logged < LINES;
    },
  };
}
