const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** The latest time that fits into the 63 bits of Loki's nanoseconds, in ms. */
const LATEST_MS = 9_223_372_036_854;

/**
 * Unix time in ns of a line's `timestamp`: ISO 8601 with up to nine digits of a second, or whole ms since 1970 as a number or
 * its text. `undefined` for anything else.
 */
export function lineNanos(timestamp: unknown): bigint | undefined {
  const text = typeof timestamp === 'number' ? String(timestamp) : timestamp;
  if (typeof text !== 'string') return undefined;
  if (/^\d{1,13}$/.test(text) && Number(text) <= LATEST_MS) return BigInt(text) * 1_000_000n;
  const [, whole, fraction = '', zone] = ISO.exec(text) ?? [];
  const ms = Date.parse(`${whole}${zone}`);
  if (Number.isNaN(ms) || ms < 0 || ms > LATEST_MS) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
