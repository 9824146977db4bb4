import type { Environment } from './environment';

/** Ms of silence after which the next event starts a new session. */
const GAP = 30 * 60_000;

const KEY = 'artel-telemetry:session';

/** One visit: kept over reloads of the tab, ended by half an hour of silence. */
export interface Session {
  readonly id: string;
  /** Whether the draw at its start lets it report. */
  readonly sampled: boolean;
}

function readStored(storage: Storage | undefined): (Session & { readonly seen: number }) | undefined {
  try {
    const value = JSON.parse(storage?.getItem(KEY) ?? 'null') as Partial<Session & { seen: number }> | null;
    if (!value || typeof value.id !== 'string' || typeof value.seen !== 'number') return undefined;
    return { id: value.id, seen: value.seen, sampled: value.sampled !== false };
  } catch {
    return undefined;
  }
}

/** Takes up the tab's session or starts one; a session keeps the draw that it began with. */
export function startSession(environment: Environment, sampleRate: number): Session {
  const stored = readStored(environment.sessionStorage);
  const live = stored && environment.now() - stored.seen < GAP;
  if (live) return { id: stored.id, sampled: stored.sampled };
  return { id: environment.randomHex(12), sampled: environment.random() < sampleRate };
}

/** Notes that the session is alive now, or, without one, forgets it. */
export function keepSession({ sessionStorage, now }: Environment, session: Session | undefined): void {
  try {
    if (session) sessionStorage?.setItem(KEY, JSON.stringify({ ...session, seen: now() }));
    else sessionStorage?.removeItem(KEY);
  } catch {
    // Full or forbidden: the session ends with the page.
  }
}
