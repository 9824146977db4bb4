import { attempt, type Environment, randomHex, sleep } from '../page/environment';

/**
 * Who owns a producer's records. A living page holds the Web Lock of its producer; the lock of a dead page is free, and
 * whoever takes it takes the records over.
 */
export interface Custody {
  /** Random id of this life of the page: its producer. */
  producer(): string;
  /** Whether this page holds its producer's lock; `undefined` until that is known, a moment after the first call. */
  held(): boolean | undefined;
  /** Resolves once `held` is known. */
  known(): Promise<void>;
  /** Takes the lock of a producer. Resolves to `undefined` where locks are missing or do not answer. */
  claim(producer: string): Promise<boolean | undefined>;
  /** Releases everything: the page goes to sleep or ends. */
  release(): void;
  isReleased(): boolean;
  /** Starts a new life of the page, with a new producer. */
  renew(): void;
}

/** Ms for the lock manager's answer, which may never come: https://github.com/supabase/supabase-js/issues/1594 */
const TIMEOUT = 1_000;

interface Life {
  readonly producer: string;
  held?: boolean;
  known?: Promise<void>;
}

interface CustodyDeps {
  readonly environment: Environment;
  readonly namespace: string;
}

export function createCustody({ environment, namespace }: CustodyDeps): Custody {
  const releases = new Set<() => void>();
  let life: Life | undefined;
  let released = false;

  const claim = (producer: string): Promise<boolean | undefined> => {
    let waiting = true;
    const answer = new Promise<boolean | undefined>((resolve) => {
      const { locks } = environment.navigator as Partial<Navigator>;
      const asked = attempt(() =>
        locks?.request(`${namespace}:${producer}`, { ifAvailable: true }, (lock) => {
          // It may be granted too late, or after everything was released.
          const granted = !!lock && waiting && !released;
          resolve(granted);
          if (granted) return new Promise<void>((release) => releases.add(release));
        }),
      );
      if (asked) asked.catch(() => resolve(undefined));
      else resolve(undefined);
    });
    return Promise.race([answer, sleep(environment, TIMEOUT)]).finally(() => {
      waiting = false;
    });
  };

  const current = (): Life => {
    if (life) return life;
    const begun: Life = { producer: randomHex(environment, 12) };
    life = begun;
    begun.known = claim(begun.producer).then((granted) => {
      begun.held = life === begun && granted === true;
    });
    return begun;
  };

  return {
    producer: () => current().producer,
    held: () => current().held,
    known: async () => current().known,
    claim,
    isReleased: () => released,
    release() {
      released = true;
      if (life) life.held = false;
      for (const release of releases) release();
      releases.clear();
    },
    renew() {
      released = false;
      life = undefined;
    },
  };
}
