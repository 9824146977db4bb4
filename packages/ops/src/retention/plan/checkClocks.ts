import { DAY } from '../duration';
import type { Stores } from '../stores/stores';

/** A clock is wrong, or two differ: nothing may be deleted by it. */
export class ClockError extends Error {
  override readonly name = 'ClockError';
}

/** No plan was made before this; a machine without a clock's battery begins in 1970. */
const EARLIEST = Date.parse('2025-01-01T00:00:00Z');

/**
 * Compares this machine's clock with those of the stores, and with the newest sample that Prometheus has: a clock that is
 * ahead would delete what is to be kept. Throws a `ClockError`.
 */
export async function checkClocks(
  { prometheus, loki, tempo }: Stores,
  now: () => number,
  maxSkew: number,
): Promise<void> {
  const complain = (message: string): never => {
    throw new ClockError(`${message}; nothing is deleted until the clocks are right`);
  };
  if (now() < EARLIEST) complain(`this machine's clock says ${new Date(now()).toISOString()}`);
  const compare = (name: string, theirs: number | undefined, exactness: number): void => {
    if (theirs === undefined) return;
    const skew = Math.abs(now() - theirs);
    if (skew > maxSkew + exactness)
      complain(`this machine's clock and that of ${name} differ by ${Math.round(skew / 1_000)} s`);
  };
  if (prometheus) {
    compare('prometheus', await prometheus.time(), 0);
    const { newest } = await prometheus.span();
    if (newest !== undefined && now() - newest > DAY)
      complain(
        `the newest sample of prometheus is of ${new Date(newest).toISOString()}: either it has scraped nothing for a day, or the clocks are ahead`,
      );
  }
  // HTTP tells the time to the second.
  if (loki) {
    await loki.config();
    compare('loki', loki.serverTime(), 1_000);
  }
  if (tempo) {
    await tempo.config();
    compare('tempo', tempo.serverTime(), 1_000);
  }
}
