import type { AuditLog } from '../../auditLog';
import { formatDuration } from '../../duration';
import type { Stores } from '../../stores/stores';
import { makePlan, type PlanOptions } from './makePlan';
import type { Plan, PlanItem } from './plan';
import { covers } from './planLogs';

/** The plan no longer matches the stores or the policies: nothing is deleted. */
class StalePlanError extends Error {
  override readonly name = 'StalePlanError';
}

export interface ApplyOptions extends PlanOptions {
  readonly plan: Plan;
  readonly audit: AuditLog;
}

/** What came of a plan. */
export interface Applied {
  readonly done: number;
  /** Done by an earlier run. */
  readonly earlier: number;
  readonly failed: readonly { readonly item: PlanItem; readonly reason: string }[];
}

/**
 * Does what a plan says, and nothing else. The plan is made anew first: where policies, stores or any deletion differ it
 * throws a `StalePlanError`. Each deletion is in the audit log before it is begun and after; what has failed is left for
 * another run of the same plan, which does not do again what is done.
 */
export async function applyPlan(options: ApplyOptions): Promise<Applied> {
  const { plan, audit, policies, stores, now } = options;
  const said = (event: string, id: string): boolean =>
    audit.records().some((one) => one.event === event && one['plan'] === plan.id && one['item'] === id);
  const isDone = ({ id }: PlanItem): boolean => said('delete.done', id);
  const open = plan.items.filter((item) => !isDone(item));
  const earlier = plan.items.length - open.length;

  if (open.length > 0) {
    const age = now() - plan.madeAt;
    if (age > policies.cleanup.plan_expires || age < -policies.cleanup.max_clock_skew)
      throw new StalePlanError(
        `plan ${plan.id} was made ${new Date(plan.madeAt).toISOString()}, expected one of the last ${formatDuration(policies.cleanup.plan_expires)}`,
      );
    const fresh = await makePlan(options);
    refuseStale(plan, fresh, open, (item) => said('delete.begun', item.id));
  }

  audit.append({ event: 'apply.begun', plan: plan.id, open: open.length, earlier });
  const failed: { item: PlanItem; reason: string }[] = [];
  for (const item of open) {
    const what = { plan: plan.id, item: item.id };
    audit.append({ event: 'delete.begun', ...what, ...described(item) });
    try {
      const result = await deleteItem(stores, item);
      audit.append({ event: 'delete.done', ...what, ...result });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      audit.append({ event: 'delete.failed', ...what, reason });
      failed.push({ item, reason });
    }
  }
  await cleanTombstones(plan, stores, audit);
  audit.append({
    event: 'apply.ended',
    plan: plan.id,
    done: open.length - failed.length,
    failed: failed.length,
  });
  return { done: open.length - failed.length, earlier, failed };
}

function described({ store, policy, selector, from, to, count }: PlanItem) {
  return {
    store,
    policy,
    selector,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    count,
  };
}

function refuseStale(
  plan: Plan,
  fresh: Plan,
  open: readonly PlanItem[],
  wasBegun: (item: PlanItem) => boolean,
): void {
  const complain = (message: string): never => {
    throw new StalePlanError(
      `plan ${plan.id} is stale: ${message}; make another with artel-ops retention plan`,
    );
  };
  if (plan.policies !== fresh.policies) complain('the policies have changed');
  if (JSON.stringify(plan.stores) !== JSON.stringify(fresh.stores)) complain('it was made of other stores');
  const known = new Set(fresh.items.map(({ id }) => id));
  for (const item of open) {
    if (known.has(item.id)) continue;
    // A run that was broken off may have deleted some of it, and not said so yet.
    if (wasBegun(item) && !isRefused(fresh, item)) continue;
    const now = fresh.items.find(({ store, policy }) => store === item.store && policy === item.policy);
    complain(
      now
        ? `${item.store}, ${item.policy} now has ${now.count} up to ${new Date(now.to).toISOString()} and not ${item.count} up to ${new Date(item.to).toISOString()}`
        : `${item.store}, ${item.policy} has nothing to delete any more, or is refused`,
    );
  }
}

/** Whether a series that the item names is refused by now. */
function isRefused(fresh: Plan, { store, selector }: PlanItem): boolean {
  const names = new Set(/"(.*)"/.exec(selector)?.[1]?.split('|'));
  return store === 'prometheus' && fresh.refusals.some(({ series }) => names.has(series));
}

async function deleteItem(stores: Stores, item: PlanItem): Promise<Readonly<Record<string, unknown>>> {
  const { selector, from, to } = item;
  if (item.store === 'prometheus') {
    const { prometheus } = stores;
    if (!prometheus) throw new Error('prometheus: its URL was not given');
    await prometheus.deleteSeries(selector, from, to);
    return {};
  }
  const { loki } = stores;
  if (!loki) throw new Error('loki: its URL was not given');
  const find = async () => (await loki.deletions()).find((one) => covers(one, selector, from, to));
  const before = await find();
  if (!before) await loki.requestDeletion(selector, from, to);
  const request = before ?? (await find());
  if (!request) throw new Error('loki: took the request and does not list it');
  return { request: request.id };
}

/** What was deleted stays on the disk until blocks are written anew. Left undone, it is done by the next run. */
async function cleanTombstones(plan: Plan, { prometheus }: Stores, audit: AuditLog): Promise<void> {
  const deleted = new Set(plan.items.filter(({ store }) => store === 'prometheus').map(({ id }) => id));
  // Of what concerns the blocks, what was last.
  const last = audit
    .records()
    .filter((one) => one['plan'] === plan.id)
    .filter(
      ({ event, item }) =>
        event === 'tombstones.cleaned' || (event === 'delete.done' && deleted.has(String(item))),
    )
    .at(-1);
  if (!prometheus || last?.event !== 'delete.done') return;
  try {
    await prometheus.cleanTombstones();
    audit.append({ event: 'tombstones.cleaned', plan: plan.id });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    audit.append({ event: 'tombstones.failed', plan: plan.id, reason });
    throw error;
  }
}
