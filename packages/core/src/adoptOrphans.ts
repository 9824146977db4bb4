import { type Entry, entryKey } from './entry';
import type { LocalCopy } from './localCopy';
import type { Outbox } from './outbox';
import type { Pipeline } from './pipeline';
import type { Store } from './store';

interface AdoptDeps {
  readonly store: Store;
  readonly localCopy: LocalCopy;
  readonly outbox: Outbox;
  readonly pipeline: Pipeline;
  /** Producers that this page has taken over already. */
  readonly claimed: Set<string>;
}

/**
 * Takes over what dead pages left: their sealed batches, their open windows as last journaled, and the copies that
 * they made while dying, which are newer than both. A producer is claimed before its records are read, so that what
 * is read is final. Answers whether pages are left that seem to live, and may die later.
 */
export async function adoptOrphans({
  store,
  localCopy,
  outbox,
  pipeline,
  claimed,
}: AdoptDeps): Promise<boolean> {
  const { custody, producer: own } = pipeline;
  const producers = new Set([
    ...(await store.producers()),
    ...localCopy.readAll().map(([producer]) => producer),
  ]);
  const taken = new Set<string>();
  let others = false;
  for (const producer of producers) {
    if (producer === own || claimed.has(producer)) continue;
    if (await custody.claim(producer)) {
      claimed.add(producer);
      taken.add(producer);
    } else others = true;
  }
  if (taken.size === 0) return others;

  const copied = new Map<string, Entry>();
  for (const [producer, entries] of localCopy.readAll()) {
    if (taken.has(producer)) for (const entry of entries) copied.set(entryKey(entry), entry);
  }
  const stored = (await store.all()).filter(
    (entry) => taken.has(entry.producer) && !copied.has(entryKey(entry)),
  );
  const copies = [...copied.values()];
  const kept = copies.length === 0 || (await store.put(copies));

  outbox.adopt(
    stored.sort((a, b) => a.at - b.at || a.seq - b.seq),
    true,
  );
  outbox.adopt(copies, kept);
  // Where the store is broken the copies live on in this page's own.
  if (!kept) localCopy.write(outbox.unconfirmed());
  for (const producer of taken) localCopy.erase(producer);
  return others;
}
