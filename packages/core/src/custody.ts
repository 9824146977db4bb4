import type { Environment, Timer } from './environment';

/**
 * Who owns a producer's records. A living page holds the Web Lock of its producer; the lock of a dead page is free,
 * and whoever takes it takes the records over. Where locks are missing a lease in localStorage stands in: it can
 * only guess, so a page without a lock never rewrites what it has put down, and the gateway's ledger makes a wrong
 * guess harmless.
 */
export interface Custody {
  /** Whether this page holds its own producer's lock; `asked` until the browser has answered, a moment after start. */
  readonly state: 'asked' | 'held' | 'none';
  /** Takes a producer over if its page is dead. */
  claim(producer: string): Promise<boolean>;
  /** Lets go of everything: the page goes to sleep or ends. */
  release(): void;
}

/** Ms between two renewals of a lease, and without one after which its page counts as dead. */
const RENEWAL = 15_000;
const LEASE = 60_000;

type CustodyEnvironment = Pick<
  Environment,
  'locks' | 'localStorage' | 'now' | 'setTimer' | 'clearTimer' | 'whenIdle'
>;

/** Leases in localStorage; a device without it has none, and every claim is granted. */
function createLeases({ localStorage, now, setTimer, clearTimer }: CustodyEnvironment, prefix: string) {
  let timer: Timer | undefined;
  const own = new Set<string>();
  const write = (owner: string, value: string | undefined) => {
    try {
      if (value === undefined) localStorage?.removeItem(prefix + owner);
      else localStorage?.setItem(prefix + owner, value);
    } catch {
      // Full or forbidden: others will take this page for dead, which the ledger bears.
    }
  };
  const renew = () => {
    for (const owner of own) write(owner, String(now()));
    timer = setTimer(renew, RENEWAL);
  };
  return {
    take(owner: string): boolean {
      try {
        const until = Number(localStorage?.getItem(prefix + owner) ?? 0) + LEASE;
        if (now() < until && !own.has(owner)) return false;
      } catch {
        // As without storage.
      }
      own.add(owner);
      clearTimer(timer);
      renew();
      return true;
    },
    release() {
      clearTimer(timer);
      for (const owner of own) write(owner, undefined);
      own.clear();
    },
  };
}

export function createCustody(environment: CustodyEnvironment, namespace: string, producer: string): Custody {
  const { locks } = environment;
  const leases = locks ? undefined : createLeases(environment, `${namespace}#`);
  const releases: (() => void)[] = [];
  let released = false;
  let state: Custody['state'] = locks ? 'asked' : 'none';

  const acquire = (owner: string): Promise<boolean> =>
    new Promise((resolve) => {
      if (!locks) return resolve(leases?.take(owner) ?? true);
      locks
        .request(`${namespace}:${owner}`, { ifAvailable: true }, (lock) => {
          // Granted too late: the page has let go meanwhile.
          if (!lock || released) return resolve(false);
          resolve(true);
          return new Promise<void>((release) => releases.push(release));
        })
        .catch(() => resolve(false));
    });

  environment.whenIdle(() => {
    if (released) return;
    void acquire(producer).then((granted) => {
      if (locks && !released) state = granted ? 'held' : 'none';
    });
  });

  return {
    get state() {
      return state;
    },
    claim: acquire,
    release() {
      released = true;
      state = 'none';
      leases?.release();
      for (const release of releases.splice(0)) release();
    },
  };
}
