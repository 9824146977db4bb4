import type { Integration } from '../../telemetry';
import { observeCalls } from './observeCalls';

/** Options of `apiCalls`. */
export interface ApiCallsOptions {
  /** URLs that are not reported: parts of them, or patterns, compared with the URL as the app wrote it. Default: none. */
  readonly ignore?: readonly (string | RegExp)[];
}

/**
 * Observes `api_request_duration_ms{endpoint,method,status_code}` for every fetch and XMLHttpRequest, in ms until a
 * response's headers or an XMLHttpRequest's end. The endpoint is a template: `/sessions/42` becomes `/sessions/:id`. The
 * status of a failed call is `aborted`, `timeout` or `network`; of an opaque response it is 0. Requests of telemetry,
 * Sentry's too, are left out.
 *
 * All clients of a page share one patch. Clients with the same app and endpoint report a call once together.
 */
export function apiCalls({ ignore = [] }: ApiCallsOptions = {}): Integration {
  // `search` ignores `lastIndex`, which a pattern with the flag `g` or `y` would carry from one call to the next.
  const isIgnored = (url: string) =>
    ignore.some((one) => (typeof one === 'string' ? url.includes(one) : url.search(one) >= 0));
  return {
    name: 'apiCalls',
    setup({ telemetry, environment, app, endpoint }) {
      const stop = observeCalls(environment, {
        id: `${app} ${endpoint}`,
        report({ url, href, method, ms, status }) {
          if (isIgnored(url)) return false;
          telemetry.trackApiCall(href, method, ms, status);
          return true;
        },
      });
      return { stop };
    },
  };
}
