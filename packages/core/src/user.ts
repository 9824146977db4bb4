import { FILTERED, limits, truncate } from '@artel/telemetry-protocol';
import { attempt } from './page/environment';
import type { Scrubber } from './record/scrubber';
import type { Report } from './trouble';

/** Who plays, and the session token that proves it. */
export interface User {
  /** The pseudonym under which events are recorded. */
  id: string | undefined;
  token: string | undefined;
  /** Sets the user on behalf of the app. `beforeChange` is called while events still belong to the old one. */
  set(id: unknown, beforeChange: () => void): void;
  /** Scrubs the given id, again once the patterns are loaded. Before that, an id that may be private counts as none. */
  scrub(): void;
  /** Takes a session token. Its subject becomes the user unless the app has set one. */
  signIn(token: string, subject: string | undefined): void;
  /** Returns the token to send with a batch of this user and producer: never another player's. */
  tokenFor(batch: { readonly user: string | undefined; readonly producer: string }): string | undefined;
}

interface UserDeps {
  readonly scrub: Scrubber;
  readonly report: Report;
  /** Producer of this page: what it recorded before the sign-in belongs to the same player. */
  readonly producer: () => string;
  readonly onUser: ((id: string | undefined) => void) | undefined;
}

export function createUser({ scrub, report, producer, onUser }: UserDeps): User {
  /** Whether the app itself has set the user. */
  let named = false;
  let given = '';

  const user: User = {
    id: undefined,
    token: undefined,
    set(id, beforeChange) {
      // NaN is of type number, but identifies nobody.
      if (id != null && typeof id !== 'string' && !Number.isFinite(id)) return report('user', typeof id);
      const text = truncate(String(id ?? ''), limits.nameLength);
      if (text === given) return;
      beforeChange();
      named = true;
      user.token = undefined;
      given = text;
      user.scrub();
    },
    scrub() {
      const scrubbed = scrub(given);
      // An id that is filtered as a whole is the same for all players.
      const id = scrubbed === FILTERED ? undefined : scrubbed || undefined;
      if (id === user.id) return;
      user.id = id;
      attempt(() => onUser?.(id));
    },
    signIn(token, subject) {
      user.token = token;
      if (named || typeof subject !== 'string') return;
      given = truncate(subject, limits.nameLength);
      user.scrub();
    },
    tokenFor: (batch) => {
      const isOwn =
        batch.user === undefined ? !named && batch.producer === producer() : batch.user === user.id;
      return isOwn ? user.token : undefined;
    },
  };
  return user;
}
