import { type Entry, isEntry } from './entry';

/**
 * The synchronous last resort: on hide, what IndexedDB has not confirmed is copied to localStorage, because an
 * IndexedDB write that starts while the page dies is a race, and localStorage is not.
 */
export interface LocalCopy {
  /** Writes the newest of `entries` that fit; an empty list erases the copy. */
  write(entries: readonly Entry[]): void;
  /** Brings a copy that was written up to date; where there is none, none is made. */
  refresh(entries: readonly Entry[]): void;
  /** The copies of all producers, as `[producer, entries]`. */
  readAll(): readonly (readonly [string, readonly Entry[]])[];
  erase(producer: string): void;
  eraseAll(): void;
}

/** UTF-16 units of one page's copy, which is what browsers count storage in. */
const BUDGET = 32_768;

export function createLocalCopy(
  storage: Storage | undefined,
  namespace: string,
  producer: string,
): LocalCopy {
  const prefix = `${namespace}:`;
  let written = false;

  const guard = <T>(run: (storage: Storage) => T, otherwise: T): T => {
    try {
      return storage ? run(storage) : otherwise;
    } catch {
      return otherwise;
    }
  };

  const parse = (text: string | null): Entry[] => {
    try {
      const value: unknown = JSON.parse(text ?? '[]');
      return Array.isArray(value) ? value.filter(isEntry) : [];
    } catch {
      return [];
    }
  };

  const keys = (from: Storage) => Object.keys(from).filter((key) => key.startsWith(prefix));

  const erase = (owner: string) => guard((to) => to.removeItem(prefix + owner), undefined);

  const write = (entries: readonly Entry[]) => {
    if (entries.length === 0) {
      if (written) erase(producer);
      written = false;
      return;
    }
    const parts: string[] = [];
    let left = BUDGET;
    for (const entry of [...entries].reverse()) {
      const part = JSON.stringify(entry);
      left -= part.length + 1;
      if (left < 0) break;
      parts.unshift(part);
    }
    guard((to) => to.setItem(prefix + producer, `[${parts.join(',')}]`), undefined);
    written = true;
  };

  return {
    write,
    refresh(entries) {
      if (written) write(entries);
    },
    readAll: () =>
      guard(
        (from) => keys(from).map((key) => [key.slice(prefix.length), parse(from.getItem(key))] as const),
        [],
      ),
    erase,
    eraseAll: () =>
      guard((from) => {
        for (const key of keys(from)) from.removeItem(key);
      }, undefined),
  };
}
