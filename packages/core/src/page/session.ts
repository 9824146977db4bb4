import { attempt, type Environment, randomHex } from './environment';

/** Ms without an event after which the next one starts a new session. */
const INACTIVITY = 15 * 60_000;
/** Longest session, in ms. */
const LONGEST = 4 * 3_600_000;

interface Visit {
  readonly id: string;
  /** Whether the draw of `sampleRate` lets it report; a session that follows another keeps its draw. */
  readonly sampled: boolean;
  /** Unix time in ms of the start and of the last event, by the device's clock. */
  readonly began: number;
  readonly seen: number;
}

/** One visit of a player: it survives reloads of the tab, and ends by inactivity or after its longest time. */
export interface Session {
  /** Whether this tab reports at all. */
  sampled(): boolean;
  /** Returns the id for events of this moment; `previous` when it is of a session that has just followed another. */
  current(): { readonly id: string; readonly previous: string | undefined };
  /** Stores the session for the page that follows in this tab; `false` forgets it. */
  save(keep: boolean): void;
  /**
   * Continues the session that the page before left in storage, and removes it there: a tab opened from this one copies
   * the storage, and must have a session of its own.
   */
  claim(): void;
}

interface SessionDeps {
  readonly environment: Environment;
  /** Key in the storage of the tab: each client of a page has its own session. */
  readonly namespace: string;
  readonly sampleRate: number;
}

export function createSession({ environment, namespace, sampleRate }: SessionDeps): Session {
  // Read at each use: where storage is blocked, the access itself throws.
  const storage = () => environment.sessionStorage;
  let visit: Visit | undefined;

  const start = (now: number, sampled: boolean): Visit => ({
    id: randomHex(environment, 12),
    sampled,
    began: now,
    seen: now,
  });

  const forget = () => attempt(() => storage().removeItem(namespace));

  const claim = () => {
    const kept = attempt(() => Object(JSON.parse(storage().getItem(namespace) ?? '')) as Visit);
    forget();
    if (typeof kept?.id === 'string' && kept.began <= kept.seen) visit = kept;
  };

  const opened = () => {
    if (!visit) claim();
    visit ??= start(environment.Date.now(), environment.Math.random() < sampleRate);
    return visit;
  };

  return {
    sampled: () => sampleRate === 1 || opened().sampled,
    current() {
      const now = environment.Date.now();
      const last = opened();
      // If the clock was set back, the time that has passed is unknown.
      const isOver = now - last.seen > INACTIVITY || now - last.began > LONGEST;
      visit = isOver ? start(now, last.sampled) : { ...last, seen: now };
      return { id: visit.id, previous: isOver ? last.id : undefined };
    },
    save(keep) {
      if (!keep) forget();
      // Full or forbidden storage: the session ends with the page.
      else if (visit) attempt(() => storage().setItem(namespace, JSON.stringify(visit)));
    },
    claim,
  };
}
