import { ParameterError } from './askQuestion';
import type { QueryRange } from './toLogql';

/** When, as a caller has it. */
export interface AskedRange {
  /** Such as `15m`, `1h` or `7d`, back from the end. */
  readonly since?: string | undefined;
  /** ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: string | undefined;
}

const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8 };
const HOUR_MS = 3_600_000;
const LINES = 100;
const MOST_LINES = 10_000;

/** A time such as `90s`, `15m`, `1h` or `7d` in ms. Throws a `ParameterError` under this name. */
export function readDuration(name: string, text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (amount !== '' && ms > 0) return ms;
  throw new ParameterError(`${name}: expected a time such as 15m, 1h or 7d, got ${JSON.stringify(text)}`);
}

function readTime(name: string, text: string): number {
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (ms >= 0) return ms;
  throw new ParameterError(
    `${name}: expected a time such as 2026-01-31T18:00:00Z, got ${JSON.stringify(text)}`,
  );
}

/** The hour before `now` (ms) and a hundred lines, unless more or other is asked for. Throws a `ParameterError`. */
export function readRange({ since, from, to, limit = String(LINES) }: AskedRange, now: number): QueryRange {
  if (since !== undefined && from !== undefined) {
    throw new ParameterError('since, from: expected one of the two');
  }
  // What is written now, by a clock that is a little ahead, belongs to now.
  const end = to === undefined ? now + 60_000 : readTime('to', to);
  const back = since === undefined ? HOUR_MS : readDuration('since', since);
  const begin =
    from === undefined ? Math.max(0, (to === undefined ? now : end) - back) : readTime('from', from);
  if (begin >= end) throw new ParameterError('from, to: expected a beginning before the end');
  const lines = /^\d+$/.test(limit) ? Number(limit) : 0;
  if (lines < 1 || lines > MOST_LINES) {
    throw new ParameterError(
      `limit: expected a whole number from 1 to ${MOST_LINES}, got ${JSON.stringify(limit)}`,
    );
  }
  return { from: BigInt(begin) * 1_000_000n, to: BigInt(end) * 1_000_000n, limit: lines };
}
