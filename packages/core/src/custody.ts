import type { Locks } from './environment';

/**
 * Who owns a producer's records. A living page holds the Web Lock of its producer; the lock of a dead page is free,
 * and whoever takes it takes the records over. Where locks are missing nobody holds anything: every claim is
 * granted, a page must not rewrite what it has put down, and the gateway's ledger makes a double sending harmless.
 */
export interface Custody {
  /** Whether this page holds its own producer's lock; `asked` until the browser has answered, a moment after start. */
  readonly state: 'asked' | 'held' | 'none';
  /** Takes a producer over if its page is dead. */
  claim(producer: string): Promise<boolean>;
  /** Lets go of everything: the page goes to sleep or ends. */
  release(): void;
}

export function createCustody(locks: Locks | undefined, namespace: string, producer: string): Custody {
  const releases: (() => void)[] = [];
  let released = false;
  let state: Custody['state'] = locks ? 'asked' : 'none';

  const acquire = (owner: string, onHeld: () => void): Promise<boolean> =>
    new Promise((resolve) => {
      if (!locks) return resolve(true);
      locks
        .request(`${namespace}:${owner}`, { ifAvailable: true }, (lock) => {
          // Granted too late: the page has let go meanwhile.
          if (!lock || released) return resolve(false);
          onHeld();
          resolve(true);
          return new Promise<void>((release) => releases.push(release));
        })
        .catch(() => resolve(false));
    });

  void acquire(producer, () => {
    state = 'held';
  }).then((granted) => {
    if (!granted) state = 'none';
  });

  return {
    get state() {
      return state;
    },
    claim: (owner) => acquire(owner, () => undefined),
    release() {
      released = true;
      state = 'none';
      for (const release of releases.splice(0)) release();
    },
  };
}
