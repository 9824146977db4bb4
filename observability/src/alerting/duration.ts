const UNITS = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const SHAPE = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * Reads a duration as Prometheus and Alertmanager write it (`1h30m`, `0`), into ms. Throws an error that quotes what is none.
 *
 * https://prometheus.io/docs/prometheus/latest/configuration/configuration/ (`<duration>`)
 */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  const parts = text === '' ? null : SHAPE.exec(text);
  if (!parts) throw new Error(`"${text}" must be a duration such as 30s, 5m or 1h30m`);
  return UNITS.reduce((sum, [, ms], index) => sum + Number(parts[index + 1] ?? 0) * ms, 0);
}

/** Writes ms as a duration, in the largest units up to hours that it comes out even in: `90000` is `1m30s`. */
export function formatDuration(ms: number): string {
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw new Error(`${ms} must be a whole number of ms, not less than 0`);
  let rest = ms;
  let text = '';
  for (const [unit, size] of UNITS.slice(3)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text || '0s';
}
