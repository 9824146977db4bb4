import { type Entry, entryKey } from '../keep/entry';
import type { Keeper } from '../keep/keeper';
import type { Environment } from '../page/environment';
import type { Books, DropReason } from './books';

/** Bounds of what waits. */
export interface OutboxLimits {
  readonly batches: number;
  readonly bytes: number;
  /** Ms of waiting, as pages have measured it by their monotonic clocks: never a difference of two clocks. */
  readonly ageMs: number;
}

/** Sealed batches that wait for the gateway's answer, oldest first, in memory and on the device. */
export interface Outbox {
  /** The entry that a request carries at this moment: it is not dropped meanwhile. */
  held: Entry | undefined;
  size(): number;
  /** The sum of the entries' `events` or `bytes`. */
  sum(of: 'events' | 'bytes'): number;
  /** Takes an entry in and stores it; what no longer fits is dropped, least important and oldest first. */
  add(entry: Entry): void;
  /** Takes in what a dead page left; `stored` when the store has it. */
  adopt(entries: readonly Entry[], stored: boolean): void;
  /** Releases what the store has, without removing it there: another page may take it over. */
  release(): void;
  /** Those that may go under `user`, oldest first, after those that have waited too long were dropped. */
  sendable(user: string | undefined): readonly Entry[];
  /** Removes an entry, here and on the device; `false` when it was not there any more. */
  remove(entry: Entry): boolean;
  drop(entry: Entry, reason: DropReason): void;
  /** Stores how long the entries have waited, if that has grown by much. */
  saveAges(): void;
  /** Forgets everything, here and on the device. Returns how many events that were. */
  erase(): number;
}

/** Ms of waiting that are not worth a write. */
const AGE_STEP = 3_600_000;

interface OutboxDeps {
  readonly environment: Environment;
  readonly keeper: Keeper;
  readonly books: Books;
  readonly limits: OutboxLimits;
}

export function createOutbox({ environment, keeper, books, limits }: OutboxDeps): Outbox {
  /** With the monotonic time in ms at which each came in. */
  const waiting = new Map<string, { readonly entry: Entry; since: number }>();
  const elapsed = () => environment.performance.now();

  const entries = () => Array.from(waiting.values(), ({ entry }) => entry);

  const insert = (entry: Entry) => waiting.set(entryKey(entry), { entry, since: elapsed() });

  const makeRoom = () => {
    while (waiting.size > limits.batches || outbox.sum('bytes') > limits.bytes) {
      const [victim] = entries()
        .filter((entry) => entry !== outbox.held)
        .sort((a, b) => a.priority - b.priority);
      if (!victim) return;
      outbox.drop(victim, 'overflow');
    }
  };

  const outbox: Outbox = {
    held: undefined,
    size: () => waiting.size,
    sum: (of) => entries().reduce((sum, entry) => sum + entry[of], 0),
    add(entry) {
      insert(entry);
      keeper.put([entry]);
      makeRoom();
    },
    adopt(adopted, stored) {
      for (const entry of adopted) {
        if (waiting.has(entryKey(entry))) continue;
        insert(entry);
        if (!stored) keeper.mark([entry]);
        books.emitted += entry.events;
        books.adopted += entry.events;
      }
      makeRoom();
    },
    release() {
      for (const entry of entries()) {
        if (!keeper.has(entry)) continue;
        waiting.delete(entryKey(entry));
        books.emitted -= entry.events;
      }
    },
    sendable(user) {
      for (const { entry, since } of waiting.values()) {
        const waited = (entry.waited || 0) + elapsed() - since;
        if (waited > limits.ageMs && entry !== outbox.held) outbox.drop(entry, 'age');
      }
      return entries().filter((entry) => !entry.user || !user || entry.user === user);
    },
    remove(entry) {
      const present = waiting.delete(entryKey(entry));
      if (present) keeper.remove(entry);
      return present;
    },
    drop(entry, reason) {
      if (!outbox.remove(entry)) return;
      books.drop(reason, entry.events);
      books.giveBack(entry.drops);
    },
    saveAges() {
      for (const item of waiting.values()) {
        const waited = elapsed() - item.since;
        if (waited < AGE_STEP) continue;
        item.entry.waited = (item.entry.waited || 0) + waited;
        item.since = elapsed();
        keeper.put([item.entry]);
      }
    },
    erase() {
      const erased = outbox.sum('events');
      waiting.clear();
      keeper.erase();
      return erased;
    },
  };
  return outbox;
}
