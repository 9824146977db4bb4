import { type Entry, entryKey, isEntry } from './entry';
import type { Environment } from './environment';

/** Where entries outlive the page. No verb rejects: `false`, or nothing, is what a device without storage answers. */
export interface Store {
  /** `true` once all of them are in one committed transaction. */
  put(entries: readonly Entry[]): Promise<boolean>;
  remove(key: string): void;
  /** The producers that entries of are kept, some more than once. */
  producers(): Promise<readonly string[]>;
  all(): Promise<readonly Entry[]>;
  clear(): void;
  broken: boolean;
  /** Opens the database anew, whatever became of it before: the page lives anew. */
  reopen(): void;
}

/** Ms that one operation may take: WebKit's open() is known to hang (https://bugs.webkit.org/show_bug.cgi?id=226547). */
const TIMEOUT = 3_000;

const TABLE = 'batches';

/**
 * IndexedDB. A connection that was closed under us (WebKit does that on resume,
 * https://bugs.webkit.org/show_bug.cgi?id=197050) is opened anew once; a second failure in a row makes the store
 * broken, and the outbox goes on in memory.
 */
export function openStore(
  name: string,
  environment: Environment,
  /** Tells whether the page is being left: then every operation fails, which says nothing of the store. */
  isLeft: () => boolean,
  onBroken: () => void,
): Store {
  let database: Promise<IDBDatabase> | undefined;

  const connect = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      const request = environment.indexedDB.open(name);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
      request.onerror = reject;
      request.onsuccess = () => {
        const open = request.result;
        // Whoever deletes the databases of this origin is not held up; the next operation opens ours anew.
        open.onversionchange = () => open.close();
        resolve(open);
      };
    });

  const transact = <T>(mode: IDBTransactionMode, run: (table: IDBObjectStore) => IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      const timer = environment.setTimeout(reject, TIMEOUT);
      database ??= connect();
      database
        .then((open) => {
          // The data need not survive a loss of power, only of the process: relaxed durability spares a disk sync.
          const transaction = open.transaction(TABLE, mode, { durability: 'relaxed' });
          const request = run(transaction.objectStore(TABLE));
          transaction.onabort = reject;
          transaction.oncomplete = () => {
            environment.clearTimeout(timer);
            resolve(request.result);
          };
        })
        .catch(reject);
    });

  /** What `run` asks for, in an array; `undefined` when the device does not give it. */
  const perform = async <T>(mode: IDBTransactionMode, run: (table: IDBObjectStore) => IDBRequest<T>) => {
    for (let tries = 0; tries < 2 && !store.broken; tries++) {
      try {
        return [await transact(mode, run)] as const;
      } catch {
        database = undefined;
      }
    }
    if (!store.broken && !isLeft()) {
      store.broken = true;
      onBroken();
    }
    return undefined;
  };

  const store: Store = {
    broken: false,
    reopen() {
      store.broken = false;
      database = undefined;
    },
    put: async (entries) =>
      !!(await perform('readwrite', (table) => {
        for (const entry of entries) table.put(entry, entryKey(entry));
        // Answers at once, and only the transaction's end counts.
        return table.count();
      })),
    remove: (key) => void perform('readwrite', (table) => table.delete(key)),
    producers: async () => {
      const [keys = []] = (await perform('readonly', (table) => table.getAllKeys())) ?? [];
      return keys.map((key) => String(key).replace(/\.\d+$/, ''));
    },
    all: async () => {
      const [entries = []] = (await perform('readonly', (table) => table.getAll())) ?? [];
      return entries.filter(isEntry);
    },
    clear: () => void perform('readwrite', (table) => table.clear()),
  };
  return store;
}
