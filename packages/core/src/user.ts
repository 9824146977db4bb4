import { FILTERED, limits, truncate } from '@artel/telemetry-protocol';
import { attempt } from './page/environment';
import type { Scrubber } from './record/scrubber';
import type { Report } from './trouble';

/** Who plays, and the session token that proves it. */
export interface User {
  /** The pseudonym under which events are recorded. */
  id: string | undefined;
  token: string | undefined;
  /** Sets the user in the app's name. `beforeChange` is called while events still go under the old one. */
  set(id: unknown, beforeChange: () => void): void;
  /** Scrubs the id as it was given, again once the patterns are loaded: before, any that resembles a telephone number is none. */
  scrub(): void;
  /** Takes a session token. Its subject becomes the user unless the app has set one. */
  signIn(token: string, subject: string | undefined): void;
  /** Returns the token that may go with a batch of this user and producer: never another player's. */
  tokenFor(batch: { readonly user: string | undefined; readonly producer: string }): string | undefined;
}

interface UserDeps {
  readonly scrub: Scrubber;
  readonly report: Report;
  /** Producer of this page: what it recorded before the sign-in was the player's, too. */
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
      // NaN is a number, and nobody.
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
      // What is filtered as a whole tells no two players apart.
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
