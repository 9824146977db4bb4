import type { Environment } from '../../environment';
import type { AskToken, Host } from '../../telemetry';

/** Ms until the exchange is tried again: after trouble on the way, and after a refusal. */
const AFTER_TROUBLE = 30_000;
const AFTER_REFUSAL = 3_600_000;

/**
 * Makes what gives initData for a session token at `POST /api/session`. Where there is none, where the gateway has no
 * bot (404) or refuses it (401), and while it cannot be reached, there is no token: the player is anonymous.
 */
export function exchangeInitData(
  environment: Environment,
  { fetch, key }: Host,
  url: string,
  initData: () => string | undefined,
): AskToken {
  let notBefore = 0;
  return async () => {
    const launch = initData();
    if (!launch || environment.performance.now() < notBefore) return undefined;
    notBefore = environment.performance.now() + AFTER_TROUBLE;
    const response = await fetch.call(environment, url, {
      method: 'POST',
      body: JSON.stringify({ initData: launch, key }),
      // As for batches: CORS-simple, so no preflight.
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
      credentials: 'omit',
    });
    if (response.ok) {
      notBefore = 0;
      return response.json();
    }
    if (response.status === 401 || response.status === 404) notBefore += AFTER_REFUSAL;
    return undefined;
  };
}
