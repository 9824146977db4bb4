import { attempt, type Environment, type Timer } from './environment';

/**
 * Who owns a producer's records. A living page holds the Web Lock of its producer; the lock of a dead page is free,
 * and whoever takes it takes the records over. Where locks are missing a lease in localStorage stands in: it can
 * only guess, so a page without a lock never rewrites what it has put down, and the gateway's ledger makes a wrong
 * guess harmless.
 */
export interface Custody {
  /** Whether this page holds its own producer's lock; `undefined` until that is known, a moment after start. */
  held: boolean | undefined;
  /** Takes a producer over if its page is dead. */
  claim(producer: string): Promise<boolean>;
  /** Lets go of everything: the page goes to sleep or ends. */
  release(): void;
}

/** Ms between two renewals of a lease, and without one after which its page counts as dead. */
const RENEWAL = 15_000;
const LEASE = 60_000;

export function createCustody(environment: Environment, namespace: string, producer: string): Custody {
  const { locks } = environment.navigator as Partial<Navigator>;
  const releases: (() => void)[] = [];
  const leases = new Set<string>();
  let released = false;
  let renewal: Timer;

  const lease = (owner: string) => `${namespace}#${owner}`;

  // Full or forbidden storage: others will take this page for dead, which the ledger bears.
  const renew = () => {
    for (const owner of leases) {
      attempt(() => environment.localStorage.setItem(lease(owner), String(environment.Date.now())));
    }
    renewal = environment.setTimeout(renew, RENEWAL);
  };

  const custody: Custody = {
    held: undefined,
    claim: (owner) =>
      new Promise((resolve) => {
        if (locks) {
          locks
            .request(`${namespace}:${owner}`, { ifAvailable: true }, (lock) => {
              // Granted too late: the page has let go meanwhile.
              const granted = !!lock && !released;
              resolve(granted);
              if (granted) return new Promise<void>((release) => releases.push(release));
            })
            .catch(() => resolve(false));
          return;
        }
        const renewed = Number(attempt(() => environment.localStorage.getItem(lease(owner))));
        const dead = !(renewed + LEASE > environment.Date.now());
        if (dead) {
          leases.add(owner);
          environment.clearTimeout(renewal);
          renew();
        }
        resolve(dead);
      }),
    release() {
      released = true;
      custody.held = false;
      environment.clearTimeout(renewal);
      for (const owner of leases) attempt(() => environment.localStorage.removeItem(lease(owner)));
      for (const release of releases) release();
    },
  };

  void custody.claim(producer).then((granted) => {
    if (!released) custody.held = granted && !!locks;
  });

  return custody;
}
