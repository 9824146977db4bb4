import { attempt, type Environment, randomHex } from './environment';

/** Ms of silence after which the next event starts a new session. */
const GAP = 30 * 60_000;

const KEY = 'artel-telemetry:session';

/** One visit: kept over reloads of the tab, ended by half an hour of silence. */
export interface Session {
  readonly id: string;
  /** Whether the draw at its start lets it report. */
  readonly sampled: boolean;
}

/** Takes up the tab's session or starts one; a session keeps the draw that it began with. */
export function startSession(environment: Environment, sampleRate: number): Session {
  const { id, sampled, seen } =
    attempt(() => Object(JSON.parse(environment.sessionStorage.getItem(KEY) ?? '')) as Partial<Kept>) ?? {};
  if (typeof id === 'string' && environment.Date.now() - Number(seen) < GAP) {
    return { id, sampled: sampled !== false };
  }
  return { id: randomHex(environment, 12), sampled: environment.Math.random() < sampleRate };
}

interface Kept extends Session {
  /** Unix time in ms. */
  readonly seen: number;
}

/** Notes that the session is alive now, or, without one, forgets it. */
export function keepSession(environment: Environment, session: Session | undefined): void {
  // Full or forbidden storage: the session ends with the page.
  attempt(() => {
    const { sessionStorage } = environment;
    if (!session) return sessionStorage.removeItem(KEY);
    sessionStorage.setItem(KEY, JSON.stringify({ ...session, seen: environment.Date.now() }));
  });
}
