import { attempt, type Environment } from '../page/environment';
import { type Entry, toJson } from './entry';

/**
 * The synchronous copy, in localStorage, of what IndexedDB has not confirmed: a write to IndexedDB that starts while the
 * page dies is a race, and a database that does not work keeps nothing at all.
 */
export interface LocalCopy {
  /** Whether the last copy was written; `undefined` before the first. */
  works: boolean | undefined;
  /** Writes the newest of `entries` that fit; an empty list erases the copy. */
  write(entries: readonly Entry[]): void;
  /** Returns the producers that have a copy. */
  owners(): readonly string[];
  /** Returns what a copy contains, unchecked. */
  read(owner: string): readonly unknown[];
  erase(owner: string): void;
}

/**
 * UTF-16 units of the copy, a tenth of what browsers grant an origin. The same while the database seems to work: a
 * database that hangs seems to work for some seconds.
 */
const BUDGET = 524_288;

interface LocalCopyDeps {
  readonly environment: Environment;
  readonly namespace: string;
  /** Producer of this page, a new one each time the page wakes. */
  readonly owner: () => string;
}

export function createLocalCopy({ environment, namespace, owner }: LocalCopyDeps): LocalCopy {
  const prefix = `${namespace}:`;
  const erase = (dead: string) => attempt(() => environment.localStorage.removeItem(prefix + dead));

  const copy: LocalCopy = {
    works: undefined,
    write(entries) {
      let text = '';
      for (const entry of [...entries].reverse()) {
        const longer = toJson(entry) + (text && ',') + text;
        if (longer.length > BUDGET) break;
        text = longer;
      }
      if (text) {
        copy.works = !!attempt(() => {
          environment.localStorage.setItem(prefix + owner(), `[${text}]`);
          return true;
        });
      } else if (copy.works) erase(owner());
    },
    owners: () =>
      attempt(() =>
        Object.keys(environment.localStorage)
          .filter((key) => key.startsWith(prefix))
          .map((key) => key.slice(prefix.length)),
      ) ?? [],
    read: (dead) =>
      attempt(() => [...(JSON.parse(environment.localStorage.getItem(prefix + dead) ?? '') as unknown[])]) ??
      [],
    erase,
  };
  return copy;
}
