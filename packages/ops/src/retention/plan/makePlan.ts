import type { Policies } from '../policySchema';
import { type Stores, storeNames } from '../stores/stores';
import { checkClocks } from './checkClocks';
import { hashOf, type Plan } from './plan';
import { planLogs } from './planLogs';
import { planMetrics } from './planMetrics';
import { tempoDrift } from './tempoDrift';

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
