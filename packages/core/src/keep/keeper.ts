import { after, type Environment } from '../page/environment';
import { type Entry, entryKey } from './entry';
import type { LocalCopy } from './localCopy';
import type { Store } from './store';

/**
 * Puts entries on the device by whichever way works: IndexedDB, and, while it has not confirmed them, a copy in
 * localStorage. The journal of the open window and the sealed batches both pass here.
 */
export interface Keeper {
  put(entries: readonly Entry[]): void;
  remove(entry: Entry): void;
  /** Those that IndexedDB has not confirmed. */
  unconfirmed(): readonly Entry[];
  /** Whether IndexedDB has confirmed an entry. */
  has(entry: Entry): boolean;
  /** Marks entries as not in IndexedDB, without writing them. */
  mark(entries: readonly Entry[]): void;
  /** Writes the local copy at once: the page may die at any moment. */
  copy(): void;
  /** Erases everything. */
  erase(): void;
}

/** Ms after which an unconfirmed write is copied; with the journal's own delay an event is safe within 250 ms. */
const PATIENCE = 100;

/** UTF-16 units of the copy: beside a database that works, and in place of one. */
const COPY = 32_768;
const STAND_IN = 524_288;

interface KeeperDeps {
  readonly environment: Environment;
  readonly store: Store;
  readonly localCopy: LocalCopy;
  /** Whether anything may be written to the device. */
  readonly mayKeep: () => boolean;
}

export function createKeeper({ environment, store, localCopy, mayKeep }: KeeperDeps): Keeper {
  /** By key: the journal of a window and its sealed batch have the same. */
  const open = new Map<string, Entry>();
  let copied = false;

  const copy = () => {
    if (!(mayKeep() && (copied || open.size))) return;
    copied = open.size > 0;
    localCopy.write([...open.values()], store.broken ? STAND_IN : COPY);
  };

  /** The copy holds what is open, as soon as there is one. */
  const refresh = () => {
    if (copied) copy();
  };

  const mark = (entries: readonly Entry[]) => {
    for (const entry of entries) {
      // The newest last.
      open.delete(entryKey(entry));
      open.set(entryKey(entry), entry);
    }
  };

  const write = async (entries: readonly Entry[]) => {
    const timer = after(environment, PATIENCE, copy);
    const wasBroken = store.broken;
    const done = await store.put(entries);
    environment.clearTimeout(timer);
    if (!done) return copy();
    for (const entry of entries) {
      if (open.get(entryKey(entry)) === entry) open.delete(entryKey(entry));
    }
    refresh();
    // The database works again: it takes what has waited in the copy.
    if (wasBroken && open.size) await write([...open.values()]);
  };

  return {
    put(entries) {
      mark(entries);
      if (mayKeep()) void write(entries);
    },
    remove(entry) {
      open.delete(entryKey(entry));
      refresh();
      store.remove(entryKey(entry));
    },
    unconfirmed: () => [...open.values()],
    has: (entry) => !open.has(entryKey(entry)),
    mark,
    copy,
    erase() {
      open.clear();
      store.clear();
      for (const owner of localCopy.owners()) localCopy.erase(owner);
    },
  };
}
