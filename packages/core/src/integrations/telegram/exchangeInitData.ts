import type { IntegrationHost, SessionToken } from '../../telemetry';

/** Ms until the exchange is tried again: after trouble on the way, and after a refusal. */
const AFTER_TROUBLE = 30_000;
const AFTER_REFUSAL = 3_600_000;

interface ExchangeDeps extends Pick<IntegrationHost, 'environment' | 'fetch' | 'key'> {
  /** Absolute URL of `POST /api/session`. */
  readonly url: string;
}

/**
 * Creates the exchange of initData for a session token. It returns no token where the gateway has no bot (404) or refuses
 * the launch (401), and while the gateway cannot be reached or another server answers in its place. Never rejects.
 */
export function createExchange({
  environment,
  fetch,
  key,
  url,
}: ExchangeDeps): (initData: string) => Promise<SessionToken | undefined> {
  const { performance } = environment;
  let notBefore = 0;
  return async (initData) => {
    if (performance.now() < notBefore) return undefined;
    notBefore = performance.now() + AFTER_TROUBLE;
    try {
      const response = await fetch.call(environment, url, {
        method: 'POST',
        body: JSON.stringify({ initData, key }),
        // As for batches: CORS-simple, so no preflight.
        headers: { 'content-type': 'text/plain;charset=UTF-8' },
        credentials: 'omit',
      });
      const { ok, status } = response;
      if (status === 401 || status === 404) notBefore += AFTER_REFUSAL;
      const answer: SessionToken | null = ok ? await response.json() : null;
      if (typeof answer?.token !== 'string') return undefined;
      notBefore = 0;
      return answer;
    } catch {
      return undefined;
    }
  };
}
