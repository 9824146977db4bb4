import type { Books } from '../send/books';
import type { Outbox } from '../send/outbox';
import type { Custody } from './custody';
import { type Entry, entryKey } from './entry';
import type { Keeper } from './keeper';
import type { Leases } from './lease';
import type { LocalCopy } from './localCopy';
import type { Store } from './store';

/** Takes over what dead pages left. */
export interface Adoption {
  /** Looks for orphans. Resolves to whether pages are left that seem to live, and may die later. */
  adopt(): Promise<boolean>;
  /** Releases what is on the device, without removing it there: another page may take it over. */
  release(): void;
}

interface AdoptionDeps {
  readonly store: Store;
  readonly localCopy: LocalCopy;
  readonly keeper: Keeper;
  readonly outbox: Outbox;
  readonly books: Books;
  readonly custody: Custody;
  readonly leases: Leases;
}

export function createAdoption(deps: AdoptionDeps): Adoption {
  const { store, localCopy, keeper, outbox, books, custody, leases } = deps;
  const claimed = new Set<string>();

  const take = (entries: readonly Entry[]) => {
    for (const entry of entries) {
      if (outbox.waiting.has(entryKey(entry))) continue;
      books.emitted += entry.events;
      books.adopted += entry.events;
      outbox.add(entry);
    }
  };

  return {
    /**
     * Their sealed batches, their open windows as last journaled, and the copies that they made while dying, which are
     * newer than both. A producer is claimed before its records are read, so that what is read is final.
     */
    async adopt() {
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
      if (!stored) {
        // Where the database does not work, the copies live on in this page's own.
        take(copies);
        keeper.mark(copies);
        keeper.copy();
      }
      const found = (await store.all()).filter((entry) => taken.includes(entry.producer));
      take(found.sort((a, b) => a.at - b.at || a.seq - b.seq));
      taken.forEach(localCopy.erase);
      return others;
    },
    release() {
      claimed.clear();
      for (const { entry } of outbox.waiting.values()) {
        if (!keeper.unconfirmed.has(entryKey(entry)) && outbox.release(entry)) books.emitted -= entry.events;
      }
    },
  };
}
