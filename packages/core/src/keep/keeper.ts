import { after, type Environment, type Timer } from '../page/environment';
import type { Stats } from '../telemetry';
import { type Entry, entryKey } from './entry';
import type { LocalCopy } from './localCopy';
import type { Store } from './store';

/**
 * Puts entries on the device by whichever way works: IndexedDB, once it is loaded, and a copy in localStorage of what that
 * has not confirmed. Both the journal of the open window and the sealed batches pass through here.
 */
export interface Keeper {
  /**
   * Resolves once they are stored, or cannot be. With `atOnce` a copy is there when it returns: Firefox refuses
   * localStorage to a tab that is being closed, and does not always send its beacon.
   */
  put(entries: readonly Entry[], atOnce?: boolean): Promise<void>;
  remove(entry: Entry): void;
  /** Those that IndexedDB has not confirmed, by key. */
  readonly unconfirmed: ReadonlyMap<string, Entry>;
  /** Writes the local copy at once: the page may die at any moment. */
  copy(): void;
  /** Erases everything. */
  erase(): void;
  /** Keeps entries in this database from now on. */
  attach(store: Store): void;
  /** Returns where entries are kept now. */
  storage(): Stats['storage'];
}

/** Ms after which an unconfirmed write is copied; with the journal's own delay an event is safe within 250 ms. */
const PATIENCE = 100;

interface KeeperDeps {
  readonly environment: Environment;
  readonly localCopy: LocalCopy;
  /** Whether anything may be written to the device. */
  readonly mayKeep: () => boolean;
}

export function createKeeper({ environment, localCopy, mayKeep }: KeeperDeps): Keeper {
  /** The newest last; the journal of a window and its sealed batch have the same key. */
  const unconfirmed = new Map<string, Entry>();
  let store: Store | undefined;
  let copied = false;
  let soon: Timer | undefined;

  const copy = () => {
    environment.clearTimeout(soon);
    soon = undefined;
    if (!(mayKeep() && (copied || unconfirmed.size))) return;
    copied = unconfirmed.size > 0;
    localCopy.write([...unconfirmed.values()]);
  };

  const write = async (entries: readonly Entry[], atOnce?: boolean): Promise<void> => {
    if (!store) {
      // In a burst only the first and the last: a copy contains all that is unconfirmed. Timers of hidden pages are late.
      if (!soon || environment.document.hidden) copy();
      soon ??= after(environment, PATIENCE, copy);
      return;
    }
    // A copy is never older than the database, since adoption prefers the copy.
    if (atOnce || copied) copy();
    const timer = after(environment, PATIENCE, copy);
    const wasBroken = store.broken;
    const done = await store.put(entries);
    environment.clearTimeout(timer);
    if (done) {
      for (const entry of entries) {
        if (unconfirmed.get(entryKey(entry)) === entry) unconfirmed.delete(entryKey(entry));
      }
      // The database works again: it takes what has waited in the copy.
      if (wasBroken && unconfirmed.size) return write([...unconfirmed.values()]);
    }
    // A copy is brought up to date; where none was needed, none is made.
    if (copied || !done) copy();
  };

  const put = async (entries: readonly Entry[], atOnce?: boolean) => {
    for (const entry of entries) {
      unconfirmed.delete(entryKey(entry));
      unconfirmed.set(entryKey(entry), entry);
    }
    if (mayKeep()) await write(entries, atOnce);
  };

  return {
    put,
    unconfirmed,
    copy,
    remove(entry) {
      unconfirmed.delete(entryKey(entry));
      if (copied) copy();
      store?.remove(entryKey(entry));
    },
    erase() {
      unconfirmed.clear();
      store?.clear();
      for (const owner of localCopy.owners()) localCopy.erase(owner);
    },
    attach(attached) {
      store = attached;
      void put([...unconfirmed.values()]);
    },
    storage: () =>
      store && !store.broken ? 'indexeddb' : localCopy.works === false ? 'memory' : 'localstorage',
  };
}
