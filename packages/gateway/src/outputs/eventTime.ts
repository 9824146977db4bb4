/** How far from its arrival an event's own time is believed, in ms; see `placeInTime`. */
export interface TimeWindow {
  readonly lateMs: number;
  readonly aheadMs: number;
}

const NANOS_IN_MS = 1_000_000;

/**
 * Unix time in ns, as decimal text. Below the ms stands the record's place in the queue: sent again it has the same time
 * to the ns, which makes the copy a duplicate for an end that knows one by time and line, and two players who do the
 * same in one ms are not taken for one.
 */
export function nanosOf(ms: number, key: number): string {
  return `${Math.trunc(ms)}${String(key % NANOS_IN_MS).padStart(6, '0')}`;
}

/**
 * The time to store a log under, in ms: its own, or its arrival where its own is further off than an end takes. Loki
 * refuses what is an hour behind the newest line of its stream, which a phone that was offline is.
 * https://grafana.com/docs/loki/latest/configure/#accept-out-of-order-writes
 */
export function placeInTime(own: number, received: number, { lateMs, aheadMs }: TimeWindow): number {
  return own < received - lateMs || own > received + aheadMs ? received : own;
}
