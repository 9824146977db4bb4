import type { Page } from '@playwright/test';
import type { Catch } from './scan';

/** Telegram's own script keeps the launch there for a reload, and the demo hands it over as that script does. */
const OF_TELEGRAM = '__telegram__initParams';

/** Everything that the page's origin keeps on the device, but for Telegram's own entry. */
export async function readStorage(page: Page): Promise<Catch[]> {
  const kept = await page.evaluate(async (except) => {
    const promised = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    // Bytes in a record, gzipped bodies say, have no JSON: as Base64 the scanner sees what is in them.
    const told = async (value: unknown): Promise<unknown> => {
      if (value instanceof Blob) return told(await value.arrayBuffer());
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer);
        return { bytes: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
      }
      if (Array.isArray(value)) return Promise.all(value.map(told));
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).map(async ([key, one]) => [key, await told(one)] as const);
      return Object.fromEntries(await Promise.all(entries));
    };
    const places: { place: string; text: string }[] = [];
    for (const [place, storage] of Object.entries({ localStorage, sessionStorage })) {
      for (const key of Object.keys(storage)) {
        if (key !== except) places.push({ place: `${place} ${key}`, text: `${key} ${storage.getItem(key)}` });
      }
    }
    for (const { name } of await indexedDB.databases()) {
      const database = await promised(indexedDB.open(name ?? ''));
      for (const store of Array.from(database.objectStoreNames)) {
        const objects = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([
          promised(objects.getAllKeys()),
          promised(objects.getAll()),
        ]);
        const text = JSON.stringify(await told({ keys, values }));
        places.push({ place: `IndexedDB ${name}/${store}`, text });
      }
      database.close();
    }
    return places;
  }, OF_TELEGRAM);
  return kept.flatMap(({ place, text }): Catch[] => {
    const binaries = [...text.matchAll(/"bytes":"([\da-f]*)"/g)].map(([, hex = '']) =>
      Buffer.from(hex, 'hex'),
    );
    return [Buffer.from(text), ...binaries].map((bytes) => ({ place, bytes }));
  });
}
