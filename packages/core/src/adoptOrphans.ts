import type { LocalCopy } from './localCopy';
import type { Outbox } from './outbox';
import type { Life } from './pipeline';
import type { Store } from './store';

/**
 * Takes over what dead pages left: their sealed batches, their open windows as last journaled, and the copies that
 * they made while dying, which are newer than both. A producer is claimed before its records are read, so that what
 * is read is final. Answers whether pages are left that seem to live, and may die later.
 */
export async function adoptOrphans(
  store: Store,
  localCopy: LocalCopy,
  outbox: Outbox,
  { custody, producer }: Life,
  /** Producers that this page has taken over already. */
  claimed: Set<string>,
): Promise<boolean> {
  const taken: string[] = [];
  let others = false;
  for (const owner of new Set([...(await store.producers()), ...localCopy.owners()])) {
    if (owner === producer || claimed.has(owner)) continue;
    if (await custody.claim(owner)) {
      claimed.add(owner);
      taken.push(owner);
    } else others = true;
  }
  if (!taken[0]) return others;
  const copies = taken.flatMap(localCopy.read);
  const kept = await store.put(copies);
  // Where the store is broken the copies live on in this page's own.
  if (!kept) outbox.adopt(copies, false);
  const stored = (await store.all()).filter((entry) => taken.includes(entry.producer));
  outbox.adopt(
    stored.sort((a, b) => a.at - b.at || a.seq - b.seq),
    true,
  );
  if (!kept) localCopy.write(outbox.unconfirmed());
  taken.forEach(localCopy.erase);
  return others;
}
