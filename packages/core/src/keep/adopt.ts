import type { Outbox } from '../send/outbox';
import type { Custody } from './custody';
import type { Keeper } from './keeper';
import type { Leases } from './lease';
import type { LocalCopy } from './localCopy';
import type { Store } from './store';

interface AdoptDeps {
  readonly store: Store;
  readonly localCopy: LocalCopy;
  readonly keeper: Keeper;
  readonly outbox: Outbox;
  readonly custody: Custody;
  readonly leases: Leases;
}

/**
 * Takes over what dead pages left: their sealed batches, their open windows as last journaled, and the copies that they
 * made while dying, which are newer than both. A producer is claimed before its records are read, so that what is read is
 * final. Resolves to whether pages are left that seem to live, and may die later.
 */
export async function adoptOrphans(deps: AdoptDeps, claimed: Set<string>): Promise<boolean> {
  const { store, localCopy, keeper, outbox, custody, leases } = deps;
  const taken: string[] = [];
  let others = false;
  await custody.known();
  if (!custody.held()) leases.hold(custody.producer());
  for (const owner of new Set([...(await store.producers()), ...localCopy.owners()])) {
    if (owner === custody.producer() || claimed.has(owner)) continue;
    if ((await custody.claim(owner)) ?? leases.claim(owner)) {
      claimed.add(owner);
      taken.push(owner);
    } else others = true;
  }
  if (!taken[0]) return others;
  const copies = taken.flatMap(localCopy.read);
  const stored = await store.put(copies);
  // Where the database does not work, the copies live on in this page's own.
  if (!stored) outbox.adopt(copies, false);
  const found = (await store.all()).filter((entry) => taken.includes(entry.producer));
  outbox.adopt(
    found.sort((a, b) => a.at - b.at || a.seq - b.seq),
    true,
  );
  if (!stored) keeper.copy();
  taken.forEach(localCopy.erase);
  return others;
}
