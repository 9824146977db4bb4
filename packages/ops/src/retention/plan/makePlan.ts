import { DAY } from '../../duration';
import { type Stores, storeNames } from '../../stores/stores';
import type { Policies } from '../policySchema';
import { tempoDrift } from './drift';
import { hashOf, type Plan } from './plan';
import { planLogs } from './planLogs';
import { planMetrics } from './planMetrics';

export interface PlanOptions {
  readonly policies: Policies;
  readonly stores: Stores;
  readonly now: () => number;
  /** Names of series that may go although a level lacks them. */
  readonly acceptGaps: ReadonlySet<string>;
}

/** Looks at every store that was given, and changes none. Throws a `ClockError`, or a `StoreError` that names the store. */
export async function makePlan({ policies, stores, now, acceptGaps }: PlanOptions): Promise<Plan> {
  await checkClocks(stores, now, policies.cleanup.max_clock_skew);
  const { prometheus, loki, tempo } = stores;
  const at = now();
  const metrics = prometheus
    ? await planMetrics({ policies, prometheus, now: at, acceptGaps })
    : { items: [], refusals: [], drift: [] };
  const logs = loki ? await planLogs(policies, loki, at) : { items: [], drift: [], notes: [] };
  const traces = tempo ? await tempoDrift(policies, tempo) : [];
  const places = Object.fromEntries(
    storeNames.flatMap((name) => {
      const store = stores[name];
      return store ? [[name, store.url]] : [];
    }),
  );
  const items = [...metrics.items, ...logs.items];
  const policiesHash = hashOf(policies);
  return {
    id: hashOf([policiesHash, places, items.map(({ id }) => id)]),
    madeAt: at,
    policies: policiesHash,
    stores: places,
    items,
    refusals: metrics.refusals,
    drift: [...metrics.drift, ...logs.drift, ...traces],
    notes: logs.notes,
  };
}

/** A clock is wrong, or two differ: nothing may be deleted by it. */
class ClockError extends Error {
  override readonly name = 'ClockError';
}

/** No plan was made before this; a machine without a clock's battery begins in 1970. */
const EARLIEST = Date.parse('2025-01-01T00:00:00Z');

/**
 * Compares this machine's clock with those of the stores, and with the newest sample that Prometheus has: a clock that is
 * ahead would delete what is to be kept. Throws a `ClockError`.
 */
async function checkClocks(
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
  // Dates in HTTP have no fractions of seconds.
  if (loki) {
    await loki.config();
    compare('loki', loki.serverTime(), 1_000);
  }
  if (tempo) {
    await tempo.config();
    compare('tempo', tempo.serverTime(), 1_000);
  }
}
