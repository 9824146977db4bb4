import { createPseudonym } from './secret';
import { createSubject } from './telegram/subject';

/** A pseudonym as the store and the outputs have it: of a signed-in player, or of a user whom a client has named. */
const PSEUDONYM = /^(?:[\da-f]{32}|[\da-f]{64})$/;

/** The first secret is in use; the others were before it. */
export type Secrets = readonly [current: string, ...previous: string[]];

/**
 * Every pseudonym under which a tenant may have records of a user: the pseudonym itself, where `user` is one; else those
 * of the player with this Telegram id, and of the user whom clients have named so, or by that player's own pseudonym.
 */
export function pseudonymsOf(user: string, tenant: string, secrets: Secrets): ReadonlySet<string> {
  const found = new Set<string>(PSEUDONYM.test(user) ? [user] : []);
  for (const secret of secrets) {
    const named = createPseudonym(secret);
    const subject = createSubject(secret)(tenant, user);
    // A client that was given its subject may have named it: without a token that is hashed as any other name.
    for (const one of [subject, named(user, tenant), named(subject, tenant)]) found.add(one);
  }
  return found;
}
