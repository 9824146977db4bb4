const UNITS = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
} as const;

/** One day, in ms. */
export const DAY = UNITS.d;

type Unit = keyof typeof UNITS;

function isUnit(text: string): text is Unit {
  return Object.hasOwn(UNITS, text);
}

/**
 * Ms of a duration as Prometheus, Loki and Go write them: `15s`, `1h30m`, `2y` (of 365 days), `8760h0m0s`. Returns
 * `undefined` for any other text. https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    if (!isUnit(unit)) return undefined;
    total += Number(amount) * UNITS[unit];
  }
  return total;
}

/** Ms in the largest unit that divides them, `largest` at most: `90d`, `720h`. */
export function formatDuration(ms: number, largest: 'y' | 'd' | 'h' = 'y'): string {
  const units = ['y', 'd', 'h', 'm', 's', 'ms'] as const;
  const allowed = units.slice(units.indexOf(largest));
  const unit = allowed.find((one) => ms >= UNITS[one] && ms % UNITS[one] === 0) ?? 'ms';
  return `${ms / UNITS[unit]}${unit}`;
}

/** The start of the UTC day of a time, both in Unix ms. */
export function startOfDay(at: number): number {
  return Math.floor(at / DAY) * DAY;
}

/**
 * The last ms that may be deleted at `now` of what is kept for `retention` ms: the end of the last UTC day that is older
 * than that as a whole. So two plans of one day are the same.
 */
export function lastExpired(now: number, retention: number): number {
  return startOfDay(now - retention) - 1;
}
