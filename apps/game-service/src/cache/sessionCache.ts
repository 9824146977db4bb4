import type { Session } from '../session';

/** A session as it was at a version. */
export interface SessionView {
  readonly session: Session;
  readonly version: number;
}

/** Keeps views of sessions for a short while. */
export interface SessionCache {
  get(id: number): Promise<SessionView | undefined>;
  /** Keeps a view, unless a newer one is kept. Never rejects. */
  put(view: SessionView): Promise<void>;
}

/** For where others change the games and there is nowhere to share views. */
export const noCache: SessionCache = { get: async () => undefined, put: async () => {} };
