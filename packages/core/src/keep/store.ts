import type { Environment } from '../page/environment';
import type { Report } from '../trouble';
import { type Entry, entryKey } from './entry';
import { producerOf } from './record';

/** Where entries outlive the page. Nothing here rejects: a device without storage returns `false` or nothing. */
export interface Store {
  /** Whether the database does not work at this moment. */
  broken: boolean;
  /** Resolves to `true` once all of them are in one committed transaction. */
  put(entries: readonly Entry[]): Promise<boolean>;
  remove(key: string): void;
  /** The producers of the entries that are kept, some more than once. */
  producers(): Promise<readonly string[]>;
  /** Resolves to everything that is kept, unchecked, by key; to `undefined` where the database does not work. */
  all(): Promise<ReadonlyMap<string, unknown> | undefined>;
  clear(): void;
  /** Opens the database anew at the next use: the page lives again. */
  reopen(): void;
}

/** Ms that one operation may take: WebKit's open() can hang (https://bugs.webkit.org/show_bug.cgi?id=226547). */
const TIMEOUT = 3_000;

/** Ms after a failure until the database is tried again. */
const RETRY = 5_000;

const TABLE = 'batches';

interface StoreDeps {
  readonly environment: Environment;
  readonly namespace: string;
  /** Whether the page is being left: every operation fails then, which says nothing about the database. */
  readonly isLeft: () => boolean;
  readonly report: Report;
}

/**
 * IndexedDB. A connection that the browser has closed (WebKit does so on resume, https://bugs.webkit.org/show_bug.cgi?id=197050)
 * is opened again at once. After a second failure in a row the database counts as broken, entries stay in the local
 * copy, and it is opened again after a while: iOS loses its database process, and finds it again.
 */
export function createStore({ environment, namespace, isLeft, report }: StoreDeps): Store {
  let database: Promise<IDBDatabase> | undefined;
  let retryAt = 0;

  const connect = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      const request = environment.indexedDB.open(namespace);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const open = request.result;
        // An open connection would block a deletion of the database. The next operation opens it again.
        open.onversionchange = () => open.close();
        resolve(open);
      };
    });

  const transact = <T>(mode: IDBTransactionMode, run: (table: IDBObjectStore) => IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      const timer = environment.setTimeout(() => reject('no answer'), TIMEOUT);
      database ??= connect();
      database
        .then((open) => {
          // A database without its table, as an interrupted upgrade leaves it, is replaced.
          if (!open.objectStoreNames.contains(TABLE)) {
            open.close();
            environment.indexedDB.deleteDatabase(namespace);
          }
          // The data has to survive the process, not a loss of power: relaxed durability saves a disk sync.
          const transaction = open.transaction(TABLE, mode, { durability: 'relaxed' });
          const request = run(transaction.objectStore(TABLE));
          transaction.onabort = () => reject(transaction.error);
          transaction.oncomplete = () => {
            environment.clearTimeout(timer);
            resolve(request.result);
          };
        })
        .catch(reject);
    });

  /** Resolves to the result of `run` in an array, or to `undefined` if the database does not work. */
  const perform = async <T>(mode: IDBTransactionMode, run: (table: IDBObjectStore) => IDBRequest<T>) => {
    for (let tries = store.broken ? 1 : 0; tries < 2 && environment.performance.now() >= retryAt; tries++) {
      try {
        const result = await transact(mode, run);
        store.broken = false;
        return [result] as const;
      } catch (error) {
        database = undefined;
        if (tries && !isLeft()) {
          store.broken = true;
          retryAt = environment.performance.now() + RETRY;
          report('storage', error);
        }
      }
    }
    return undefined;
  };

  const store: Store = {
    broken: false,
    reopen() {
      store.broken = false;
      retryAt = 0;
      database = undefined;
    },
    put: async (entries) =>
      !!(await perform('readwrite', (table) => {
        for (const entry of entries) table.put(entry, entryKey(entry));
        // Only the transaction's end counts; this gives it a request with a result.
        return table.count();
      })),
    remove: (key) => void perform('readwrite', (table) => table.delete(key)),
    producers: async () => {
      const [keys = []] = (await perform('readonly', (table) => table.getAllKeys())) ?? [];
      return keys.map((key) => producerOf(String(key)));
    },
    async all() {
      let keys: IDBRequest<IDBValidKey[]> | undefined;
      const result = await perform('readonly', (table) => {
        keys = table.getAllKeys();
        return table.getAll();
      });
      return result && new Map(result[0].map((value, index) => [String(keys?.result[index]), value]));
    },
    clear() {
      // Erasing after consent is withdrawn does not wait for the next attempt.
      retryAt = 0;
      void perform('readwrite', (table) => table.clear());
    },
  };
  return store;
}
