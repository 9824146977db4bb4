import { clear, delMany, keys, promisifyRequest, setMany, type UseStore, values } from 'idb-keyval';
import { type Entry, entryKey, isEntry } from './entry';
import type { Environment } from './environment';

/** Where entries outlive the page. No verb rejects: `false`, or nothing, is what a device without storage answers. */
export interface Store {
  /** `true` once all of them are in one committed transaction. */
  put(entries: readonly Entry[]): Promise<boolean>;
  remove(keys: readonly string[]): Promise<boolean>;
  /** The producers that entries of are kept. */
  producers(): Promise<readonly string[]>;
  all(): Promise<readonly Entry[]>;
  clear(): Promise<boolean>;
  readonly broken: boolean;
  /** Opens the database anew, whatever became of it before: the page lives anew. */
  reopen(): void;
}

/** Ms that one operation may take: WebKit's open() is known to hang (https://bugs.webkit.org/show_bug.cgi?id=226547). */
const TIMEOUT = 3_000;

const TABLE = 'batches';

/**
 * A connection for idb-keyval's operations. The data need not survive a loss of power, only of the process, so that
 * relaxed durability spares the disk a sync for each write.
 */
function connect(indexedDB: IDBFactory, name: string): UseStore {
  const request = indexedDB.open(name);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  const database = promisifyRequest(request).then((open) => {
    // Whoever deletes the databases of this origin is not held up; the next operation opens ours anew.
    open.onversionchange = () => open.close();
    return open;
  });
  return async (mode, callback) =>
    callback((await database).transaction(TABLE, mode, { durability: 'relaxed' }).objectStore(TABLE));
}

/**
 * IndexedDB through idb-keyval. A connection that was closed under us (WebKit does that on resume,
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
  const { indexedDB } = environment;
  let broken = indexedDB === undefined;
  let use: UseStore | undefined;

  const attempt = <T>(idb: IDBFactory, run: (use: UseStore) => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = environment.setTimer(() => reject(new Error('timeout')), TIMEOUT);
      use ??= connect(idb, name);
      run(use)
        .then(resolve, reject)
        .finally(() => environment.clearTimer(timer));
    });

  const perform = async <T>(run: (use: UseStore) => Promise<T>, otherwise: T): Promise<T> => {
    if (broken || !indexedDB) return otherwise;
    for (let tries = 0; tries < 2; tries++) {
      try {
        return await attempt(indexedDB, run);
      } catch {
        use = undefined;
      }
    }
    if (!broken && !isLeft()) {
      broken = true;
      onBroken();
    }
    return otherwise;
  };

  if (broken) onBroken();

  return {
    get broken() {
      return broken;
    },
    reopen() {
      broken = indexedDB === undefined;
      use = undefined;
    },
    put: (entries) =>
      perform(async (db) => {
        await setMany(
          entries.map((entry) => [entryKey(entry), entry]),
          db,
        );
        return true;
      }, false),
    remove: (keys) =>
      perform(async (db) => {
        await delMany([...keys], db);
        return true;
      }, false),
    producers: () =>
      perform(
        async (db) => [...new Set((await keys(db)).map((key) => String(key).replace(/\.\d+$/, '')))],
        [],
      ),
    all: () => perform(async (db) => (await values<unknown>(db)).filter(isEntry), []),
    clear: () =>
      perform(async (db) => {
        await clear(db);
        return true;
      }, false),
  };
}
