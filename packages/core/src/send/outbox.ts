import { type Entry, entryKey } from '../keep/entry';
import type { Keeper } from '../keep/keeper';
import type { Environment } from '../page/environment';
import type { Books, DropReason } from './books';

/** Limits of the outbox. */
export interface OutboxLimits {
  readonly batches: number;
  readonly bytes: number;
  /** Ms of waiting, as pages have measured it by their monotonic clocks: never a difference of two clocks. */
  readonly ageMs: number;
}

/** A batch that waits. */
export interface Waiting {
  readonly entry: Entry;
  /** Monotonic time in ms from which this page waits with it. */
  since: number;
}

/** Sealed batches that wait for the gateway's answer, oldest first, in memory and on the device. */
export interface Outbox {
  readonly waiting: ReadonlyMap<string, Waiting>;
  /** The entry that a request carries at this moment: it is not dropped meanwhile. */
  held: Entry | undefined;
  /** The sum of the entries' `events` or `bytes`. */
  sum(of: 'events' | 'bytes'): number;
  /** Those that may be sent while `user` is signed in, oldest first. */
  sendable(user: string | undefined): readonly Entry[];
  /** Adds an entry, without storing it. What no longer fits is dropped, least important and oldest first. */
  add(entry: Entry): void;
  /** Removes an entry here, and leaves it on the device. Returns whether it was here. */
  release(entry: Entry): boolean;
  /** Removes an entry, here and on the device. Returns whether it was here. */
  remove(entry: Entry): boolean;
  drop(entry: Entry, reason: DropReason): void;
  /** Forgets everything, here and on the device. Returns how many events that were. */
  erase(): number;
}

interface OutboxDeps {
  readonly environment: Environment;
  readonly keeper: Keeper;
  readonly books: Books;
  readonly limits: OutboxLimits;
}

export function createOutbox({ environment, keeper, books, limits }: OutboxDeps): Outbox {
  const waiting = new Map<string, Waiting>();
  const sums = { events: 0, bytes: 0 };

  const add = (entry: Entry, sign: 1 | -1) => {
    sums.events += sign * entry.events;
    sums.bytes += sign * entry.bytes;
  };

  const entries = () => Array.from(waiting.values(), ({ entry }) => entry);

  const outbox: Outbox = {
    waiting,
    held: undefined,
    sum: (of) => sums[of],
    sendable: (user) => entries().filter((entry) => !entry.user || !user || entry.user === user),
    add(entry) {
      outbox.release(entry);
      waiting.set(entryKey(entry), { entry, since: environment.performance.now() });
      add(entry, 1);
      while (waiting.size > limits.batches || outbox.sum('bytes') > limits.bytes) {
        const [victim] = entries()
          .filter((one) => one !== outbox.held)
          .sort((a, b) => a.priority - b.priority);
        if (!victim) return;
        outbox.drop(victim, 'overflow');
      }
    },
    release(entry) {
      const item = waiting.get(entryKey(entry));
      if (item) add(item.entry, -1);
      return waiting.delete(entryKey(entry));
    },
    remove(entry) {
      const present = outbox.release(entry);
      if (present) keeper.remove(entry);
      return present;
    },
    drop(entry, reason) {
      if (!outbox.remove(entry)) return;
      books.drop(reason, entry.events);
      books.giveBack(entry.drops);
    },
    erase() {
      const erased = sums.events;
      for (const entry of entries()) outbox.release(entry);
      keeper.erase();
      return erased;
    },
  };
  return outbox;
}
