import { after, attempt, type Environment, type Timer } from '../page/environment';

/**
 * Stands in for Web Locks where they are missing or do not answer: a lease in localStorage that a living page renews. It
 * can only guess, so a page without a lock never rewrites what it has written, and the gateway's ledger makes a wrong
 * guess harmless.
 */
export interface Leases {
  /** Takes a lease for this page's own producer. */
  hold(producer: string): void;
  /** Takes a producer over if its page seems dead. */
  claim(producer: string): boolean;
  /** Ends all leases. What the producers in `left` have stored can then be adopted at once. */
  release(left: ReadonlySet<string>): void;
}

/** Ms between two renewals of a lease, and without one after which its page counts as dead. */
const RENEWAL = 15_000;
const LEASE = 60_000;

interface LeaseDeps {
  readonly environment: Environment;
  readonly namespace: string;
}

export function createLeases({ environment, namespace }: LeaseDeps): Leases {
  const owned = new Set<string>();
  let renewal: Timer | undefined;
  const key = (producer: string) => `${namespace}#${producer}`;

  const renew = () => {
    environment.clearTimeout(renewal);
    // If storage is full or forbidden, others take this page for dead. The ledger makes that harmless.
    for (const producer of owned) {
      attempt(() => environment.localStorage.setItem(key(producer), String(environment.Date.now())));
    }
    renewal = after(environment, RENEWAL, renew);
  };

  const hold = (producer: string) => {
    owned.add(producer);
    renew();
  };

  return {
    hold,
    claim(producer) {
      const renewed = attempt(() => environment.localStorage.getItem(key(producer)));
      // Where locks exist but do not answer, a page without a lease may well hold a lock.
      const unknown = !renewed && !!environment.navigator.locks;
      if (unknown || Math.abs(environment.Date.now() - Number(renewed)) < LEASE) return false;
      hold(producer);
      return true;
    },
    release(left) {
      environment.clearTimeout(renewal);
      for (const producer of owned) {
        attempt(() => {
          // A lease that ran out long ago: without one the page might hold a lock.
          if (left.has(producer)) environment.localStorage.setItem(key(producer), '0');
          else environment.localStorage.removeItem(key(producer));
        });
      }
      owned.clear();
    },
  };
}
