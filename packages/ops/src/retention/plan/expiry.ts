import { startOfDay } from '../duration';

/**
 * The last ms that may be deleted of what is kept for `retention` ms: the end of the last UTC day of which everything is
 * older than that at `now`. Within a day two plans are the same.
 */
export function lastExpired(now: number, retention: number): number {
  return startOfDay(now - retention) - 1;
}
