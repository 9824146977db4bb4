import { setUser } from '@sentry/react';

/** Names the player by a pseudonym on later events; `undefined` when they sign out. */
export function setSentryUser(id: string | undefined): void {
  setUser(id === undefined ? null : { id });
}
