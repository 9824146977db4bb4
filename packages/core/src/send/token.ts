import { type Environment, sleep } from '../page/environment';
import type { AskToken, SessionToken } from '../telemetry';
import type { User } from '../user';

/** Keeps the session token fresh. */
export interface TokenSource {
  /** Whether anything provides tokens. */
  exists(): boolean;
  /** Asks for a token where there is none, or it is about to expire. Never rejects, and waits once at most. */
  refresh(): Promise<void>;
}

/** Ms that a batch waits for a token; ms until a source that has not answered is asked again. */
const PATIENCE = 5_000;
const SILENCE = 60_000;

/** Ms before its expiry at which a token is renewed: a request takes time. */
const MARGIN = 60_000;

/** Length of the longest token that a gateway accepts. */
const LONGEST = 4_096;

interface TokenDeps {
  readonly environment: Environment;
  readonly user: User;
  /** Returns the app's own source, or an integration's. */
  readonly source: () => AskToken | undefined;
}

export function createTokenSource({ environment, user, source }: TokenDeps): TokenSource {
  const elapsed = () => environment.performance.now();
  let asking: Promise<void> | undefined;
  /** Monotonic times in ms until which a batch waits for the answer, and from which the source is asked again. */
  let waitUntil = 0;
  let askFrom = 0;
  /** Unix time in ms, by the device's clock, from which the token is too old. */
  let staleFrom = Number.POSITIVE_INFINITY;

  const ask = async (askToken: AskToken) => {
    const asker = user.id;
    try {
      const given = await askToken();
      // A token that could not be renewed is used until the gateway refuses it. And the user may have changed meanwhile.
      if (!given || user.id !== asker) return;
      const {
        token,
        expiresAt = Number.NaN,
        subject,
      }: SessionToken = typeof given === 'string' ? { token: given } : given;
      // The gateway would refuse a batch with any other token.
      if (typeof token !== 'string' || token.length > LONGEST) return;
      staleFrom = expiresAt - MARGIN;
      // If the device's clock is hours ahead, every token looks expired. It is used then until the gateway answers 401.
      if (!(staleFrom > environment.Date.now())) staleFrom = Number.POSITIVE_INFINITY;
      user.signIn(token, subject);
    } catch {
      // Anonymous, until the next batch asks again.
    }
  };

  return {
    exists: () => !!source(),
    async refresh() {
      const askToken = source();
      if (!askToken || (user.token && environment.Date.now() < staleFrom)) return;
      if (!asking || elapsed() > askFrom) {
        waitUntil = elapsed() + PATIENCE;
        askFrom = waitUntil + SILENCE;
        const asked = ask(askToken).then(() => {
          if (asking === asked) asking = undefined;
        });
        asking = asked;
      }
      const left = waitUntil - elapsed();
      if (left > 0) await Promise.race([asking, sleep(environment, left)]);
    },
  };
}
