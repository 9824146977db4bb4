import type { Books } from '../send/books';
import type { Outbox } from '../send/outbox';
import type { Custody } from './custody';
import { type Entry, entryKey } from './entry';
import type { Keeper } from './keeper';
import type { Leases } from './lease';
import type { LocalCopy } from './localCopy';
import { isEntry, producerOf } from './record';
import type { Store } from './store';

/** Takes over what dead pages left. */
export interface Adoption {
  /** Looks for orphans. Resolves to whether some may be found later: pages seem to live, or the database does not work. */
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
  readonly maySend: () => boolean;
}

export function createAdoption(deps: AdoptionDeps): Adoption {
  const { store, localCopy, keeper, outbox, books, custody, leases, maySend } = deps;
  const claimed = new Set<string>();
  /** Those of `claimed` whose records have not been read from the database yet. */
  const unread = new Set<string>();

  const take = (entries: readonly Entry[]) => {
    for (const entry of entries) {
      if (outbox.waiting.has(entryKey(entry))) continue;
      books.emitted += entry.events;
      books.adopted += entry.events;
      outbox.add(entry);
    }
  };

  /** Takes the records of `unread` from the database. Returns whether it has answered. */
  const read = async (): Promise<boolean> => {
    const owners = new Set(unread);
    if (!owners.size) return !store.broken;
    const records = await store.all();
    if (!records) return false;
    const found: Entry[] = [];
    for (const [key, value] of records) {
      if (!owners.has(producerOf(key))) continue;
      if (isEntry(value, key)) found.push(value);
      else {
        // Nobody can send it, so it would stay there for ever.
        store.remove(key);
        books.emitted++;
        books.drop('invalid', 1);
      }
    }
    take(found.sort((a, b) => a.at - b.at || a.seq - b.seq));
    for (const owner of owners) unread.delete(owner);
    return true;
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
        // The client may have stopped while it waited.
        if (!maySend()) return false;
        if ((await custody.claim(owner)) ?? leases.claim(owner)) {
          claimed.add(owner);
          unread.add(owner);
          taken.push(owner);
        } else others = true;
      }
      const copies = taken
        .flatMap(localCopy.read)
        .filter((one): one is Entry => isEntry(one, entryKey(Object(one))));
      take(copies);
      if (copies[0]) await keeper.put(copies);
      if (!maySend()) return false;
      taken.forEach(localCopy.erase);
      return !(await read()) || others;
    },
    release() {
      claimed.clear();
      unread.clear();
      for (const { entry } of outbox.waiting.values()) {
        if (!keeper.unconfirmed.has(entryKey(entry)) && outbox.release(entry)) books.emitted -= entry.events;
      }
    },
  };
}
