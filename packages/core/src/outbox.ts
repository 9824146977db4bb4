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
  readonly events: number;
  readonly bytes: number;
  readonly size: number;
  /** Takes an entry in and persists it; what no longer fits is dropped, least important and oldest first. */
  add(entry: Entry): void;
  /** Takes in what a dead page left; `confirmed` tells whether the store has it. */
  adopt(entries: readonly Entry[], confirmed: boolean): void;
  /** Writes everything to the store that has not been. */
  persist(): void;
  /** Lets go of what the store has, without removing it there: another page may take it over. */
  letGo(): void;
  /** The oldest entry that may go under `user`, after those past their age were dropped. */
  next(user: string | undefined): Entry | undefined;
  /** Keeps an entry from being dropped while a request carries it. */
  hold(entry: Entry | undefined): void;
  /** Removes an entry, here and in the store; `false` when it was not there any more. */
  remove(entry: Entry): boolean;
  drop(entry: Entry, reason: DropReason): void;
  /** Puts `parts` in the place of `entry`, in one transaction where the key of `entry` is kept by a part. */
  replace(entry: Entry, parts: readonly Entry[]): void;
  entries(): readonly Entry[];
  /** Those whose write to the store has not been confirmed. */
  unconfirmed(): readonly Entry[];
  /** Forgets everything, here and in the store; answers how many events that were. */
  erase(): number;
}

interface OutboxDeps {
  readonly store: Store;
  readonly books: Books;
  readonly limits: OutboxLimits;
  readonly now: () => number;
  /** Called when `unconfirmed()` has become shorter. */
  readonly onConfirmed: () => void;
}

export function createOutbox({ store, books, limits, now, onConfirmed }: OutboxDeps): Outbox {
  const waiting = new Map<string, Entry>();
  const unconfirmed = new Set<string>();
  let events = 0;
  let bytes = 0;
  let held: string | undefined;

  const insert = (entry: Entry) => {
    waiting.set(entryKey(entry), entry);
    events += entry.events;
    bytes += entry.bytes;
  };

  const take = (entry: Entry): boolean => {
    const key = entryKey(entry);
    const present = waiting.get(key);
    if (!present) return false;
    waiting.delete(key);
    events -= present.events;
    bytes -= present.bytes;
    if (unconfirmed.delete(key)) onConfirmed();
    return true;
  };

  const persist = (entries: readonly Entry[]) => {
    for (const entry of entries) unconfirmed.add(entryKey(entry));
    if (entries.length > 0)
      void store.put(entries).then((done) => {
        if (!done) return;
        for (const entry of entries) unconfirmed.delete(entryKey(entry));
        onConfirmed();
      });
  };

  const remove = (entry: Entry): boolean => {
    if (!take(entry)) return false;
    void store.remove([entryKey(entry)]);
    return true;
  };

  const drop = (entry: Entry, reason: DropReason) => {
    if (!remove(entry)) return;
    books.drop(reason, entry.events);
    books.giveBack(entry.drops);
  };

  const makeRoom = () => {
    while (waiting.size > limits.batches || bytes > limits.bytes) {
      let victim: Entry | undefined;
      for (const [key, entry] of waiting) {
        if (key !== held && (!victim || entry.priority < victim.priority)) victim = entry;
      }
      if (!victim) return;
      drop(victim, 'overflow');
    }
  };

  const expire = () => {
    const oldest = now() - limits.ageMs;
    for (const [key, entry] of waiting) {
      if (entry.at < oldest && key !== held) drop(entry, 'age');
    }
  };

  return {
    get events() {
      return events;
    },
    get bytes() {
      return bytes;
    },
    get size() {
      return waiting.size;
    },
    add(entry) {
      insert(entry);
      persist([entry]);
      makeRoom();
    },
    adopt(entries, confirmed) {
      for (const entry of entries) {
        if (waiting.has(entryKey(entry))) continue;
        insert(entry);
        if (!confirmed) unconfirmed.add(entryKey(entry));
        books.emitted += entry.events;
        books.adopted += entry.events;
      }
      makeRoom();
    },
    persist: () => persist([...waiting.values()].filter((entry) => unconfirmed.has(entryKey(entry)))),
    letGo() {
      for (const [key, entry] of waiting) {
        if (unconfirmed.has(key)) continue;
        take(entry);
        books.emitted -= entry.events;
      }
    },
    next(user) {
      expire();
      for (const entry of waiting.values()) {
        if (entry.user === undefined || user === undefined || entry.user === user) return entry;
      }
      return undefined;
    },
    hold(entry) {
      held = entry && entryKey(entry);
    },
    remove,
    drop,
    replace(entry, parts) {
      if (!take(entry)) return;
      for (const part of parts) insert(part);
      persist(parts);
      if (!parts.some((part) => entryKey(part) === entryKey(entry))) void store.remove([entryKey(entry)]);
    },
    entries: () => [...waiting.values()],
    unconfirmed: () => [...waiting.values()].filter((entry) => unconfirmed.has(entryKey(entry))),
    erase() {
      const erased = events;
      waiting.clear();
      unconfirmed.clear();
      events = 0;
      bytes = 0;
      void store.clear();
      return erased;
    },
  };
}
