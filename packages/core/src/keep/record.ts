import type { Entry } from './entry';

/** The producer in a key. */
export function producerOf(key: string): string {
  return key.replace(/\.\d+$/, '');
}

/** Returns whether all are whole numbers from 0 on: the books contain no others. */
const areCounts = (values: readonly unknown[]): boolean =>
  values.every((count) => Number.isSafeInteger(count) && Number(count) >= 0);

/** Returns whether what was read from storage, where anybody may have written, is the entry that belongs under this key. */
export function isEntry(value: unknown, key: string): value is Entry {
  const { producer, seq, body, bytes, events, counts, priority, at, waited, drops } = Object(
    value,
  ) as Partial<Record<keyof Entry, unknown>>;
  return (
    typeof producer === 'string' &&
    areCounts([seq, bytes, events, priority]) &&
    `${producer}.${seq}` === key &&
    typeof body === 'string' &&
    body[0] === '{' &&
    // A made-up size would push other entries out of the outbox.
    Number(bytes) <= body.length * 3 &&
    Array.isArray(counts) &&
    counts.every((list) => Array.isArray(list) && areCounts(list)) &&
    areCounts(Object.values(Object(drops))) &&
    Number.isFinite(at) &&
    Number.isFinite(waited)
  );
}
