import { type Entry, isEntry } from './entry';
import { attempt, type Environment } from './environment';

/**
 * The synchronous last resort: on hide, what IndexedDB has not confirmed is copied to localStorage, because an
 * IndexedDB write that starts while the page dies is a race, and localStorage is not.
 */
export interface LocalCopy {
  /** Writes the newest of `entries` that fit; an empty list erases the copy. */
  write(entries: readonly Entry[]): void;
  /** Brings a copy that was written up to date; where there is none, none is made. */
  refresh(entries: readonly Entry[]): void;
  /** The producers whose copies there are. */
  owners(): readonly string[];
  read(owner: string): readonly Entry[];
  erase(owner: string): void;
}

/** UTF-16 units of one page's copy, which is what browsers count storage in. */
const BUDGET = 32_768;

/** `owner` tells the producer of this page, which is another after each of its sleeps. */
export function createLocalCopy(environment: Environment, namespace: string, owner: () => string): LocalCopy {
  const prefix = `${namespace}:`;
  let written = false;

  const erase = (dead: string) => attempt(() => environment.localStorage.removeItem(prefix + dead));

  const write = (entries: readonly Entry[]) => {
    if (!(written || entries[0])) return;
    written = !!entries[0];
    if (!written) return erase(owner());
    let copy = '';
    for (const entry of [...entries].reverse()) {
      const longer = `${JSON.stringify(entry)}${copy && ','}${copy}`;
      if (longer.length > BUDGET - 2) break;
      copy = longer;
    }
    attempt(() => environment.localStorage.setItem(prefix + owner(), `[${copy}]`));
  };

  return {
    write,
    refresh(entries) {
      if (written) write(entries);
    },
    owners: () =>
      attempt(() =>
        Object.keys(environment.localStorage)
          .filter((key) => key.startsWith(prefix))
          .map((key) => key.slice(prefix.length)),
      ) ?? [],
    read: (dead) =>
      attempt(() => {
        const copy: unknown = JSON.parse(environment.localStorage.getItem(prefix + dead) ?? '');
        return (copy as unknown[]).filter(isEntry);
      }) ?? [],
    erase,
  };
}
