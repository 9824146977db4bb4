import type { Books, DropReason } from './books';
import { type Entry, entryKey } from './entry';
import type { Store } from './store';

export interface OutboxLimits {
  readonly batches: number;
  readonly bytes: number;
  readonly ageMs: number;
}

/** Sealed batches that wait for the gateway's 2xx, oldest first, in memory and in the store. */
export interface Outbox {
  /** The entry that a request carries at this moment: it is not dropped meanwhile. */
  held: Entry | undefined;
  size(): number;
  /** What the entries have together of `events` or `bytes`. */
  sum(of: 'events' | 'bytes'): number;
  /** Takes an entry in and persists it; what no longer fits is dropped, least important and oldest first. */
  add(entry: Entry): void;
  /** Takes in what a dead page left; `confirmed` tells whether the store has it. */
  adopt(entries: readonly Entry[], confirmed: boolean): void;
  /** Writes `entries` to the store. */
  persist(entries: readonly Entry[]): void;
  /** Lets go of what the store has, without removing it there: another page may take it over. */
  letGo(): void;
  /** Those that may go under `user`, oldest first, after those past their age were dropped. */
  sendable(user: string | undefined): readonly Entry[];
  /** Removes an entry, here and in the store; `false` when it was not there any more. */
  remove(entry: Entry): boolean;
  drop(entry: Entry, reason: DropReason): void;
  /** Puts `parts`, one of which bears the identity of `entry`, in its place. */
  replace(entry: Entry, parts: readonly Entry[]): void;
  /** Those whose write to the store has not been confirmed. */
  unconfirmed(): readonly Entry[];
  /** Forgets everything, here and in the store; answers how many events that were. */
  erase(): number;
}

export function createOutbox(
  store: Store,
  books: Books,
  limits: OutboxLimits,
  now: () => number,
  /** Called when `unconfirmed()` has become shorter. */
  onConfirmed: () => void,
): Outbox {
  const waiting = new Map<string, Entry>();
  const unconfirmed = new Set<Entry>();

  const insert = (entries: readonly Entry[]) => {
    for (const entry of entries) waiting.set(entryKey(entry), entry);
  };

  const confirm = (entries: readonly Entry[]) => {
    for (const entry of entries) unconfirmed.delete(entry);
    onConfirmed();
  };

  /** `false` when the entry, or the part that is left of it, is not there any more. */
  const take = (entry: Entry) => {
    confirm([entry]);
    return waiting.delete(entryKey(entry));
  };

  const makeRoom = () => {
    while (waiting.size > limits.batches || outbox.sum('bytes') > limits.bytes) {
      const [victim] = [...waiting.values()]
        .filter((entry) => entry !== outbox.held)
        .sort((a, b) => a.priority - b.priority);
      if (!victim) return;
      outbox.drop(victim, 'overflow');
    }
  };

  const outbox: Outbox = {
    held: undefined,
    size: () => waiting.size,
    sum(of) {
      let sum = 0;
      for (const entry of waiting.values()) sum += entry[of];
      return sum;
    },
    add(entry) {
      insert([entry]);
      outbox.persist([entry]);
      makeRoom();
    },
    adopt(entries, confirmed) {
      for (const entry of entries) {
        if (waiting.has(entryKey(entry))) continue;
        insert([entry]);
        if (!confirmed) unconfirmed.add(entry);
        books.emitted += entry.events;
        books.adopted += entry.events;
      }
      makeRoom();
    },
    persist(entries) {
      for (const entry of entries) unconfirmed.add(entry);
      void store.put(entries).then((done) => {
        if (done) confirm(entries);
      });
    },
    letGo() {
      for (const entry of waiting.values()) {
        if (unconfirmed.has(entry)) continue;
        take(entry);
        books.emitted -= entry.events;
      }
    },
    sendable(user) {
      for (const entry of waiting.values()) {
        if (entry.at < now() - limits.ageMs && entry !== outbox.held) outbox.drop(entry, 'age');
      }
      return [...waiting.values()].filter((entry) => !entry.user || !user || entry.user === user);
    },
    remove(entry) {
      const present = take(entry);
      if (present) store.remove(entryKey(entry));
      return present;
    },
    drop(entry, reason) {
      if (!outbox.remove(entry)) return;
      books.drop(reason, entry.events);
      books.giveBack(entry.drops);
    },
    replace(entry, parts) {
      if (!take(entry)) return;
      insert(parts);
      outbox.persist(parts);
    },
    unconfirmed: () => [...unconfirmed],
    erase() {
      const erased = outbox.sum('events');
      waiting.clear();
      unconfirmed.clear();
      store.clear();
      return erased;
    },
  };
  return outbox;
}
