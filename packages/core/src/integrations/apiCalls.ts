import type { Environment } from '../environment';
import type { Integration } from '../telemetry';

/** What `apiCalls` leaves out. */
export interface ApiCallsOptions {
  /** URLs that are not reported: a part of the URL, or a pattern. The client's own requests never are. */
  readonly ignore?: readonly (string | RegExp)[];
}

/** Sentry's envelopes are telemetry too, and what is in the page already is no call. */
const IGNORED = /\/envelope\/(?:\?|$)|^(?:data|blob):/;

type Report = (url: string, method: string, ms: number, status: number) => void;

/** Puts a function in the place of another; answers how to undo it, unless somebody has wrapped it since. */
function patch<T extends object, K extends keyof T>(
  on: T,
  name: K,
  wrap: (original: T[K]) => T[K],
): () => void {
  const original = on[name];
  const patched = wrap(original);
  on[name] = patched;
  return () => {
    if (on[name] === patched) on[name] = original;
  };
}

const patchFetch = (window: Environment, report: Report) =>
  patch(window, 'fetch', (fetch) => async (input, init) => {
    const started = window.performance.now();
    let status = 0;
    try {
      const response = await fetch.call(window, input, init);
      status = response.status;
      return response;
    } finally {
      const request = typeof input === 'object' && 'url' in input ? input : undefined;
      const method = init?.method ?? request?.method ?? 'GET';
      report(request?.url ?? String(input), method, window.performance.now() - started, status);
    }
  });

function patchXhr(window: Environment, report: Report): readonly (() => void)[] {
  const { prototype } = window.XMLHttpRequest;
  const requests = new WeakMap<XMLHttpRequest, readonly [method: string, url: string]>();
  return [
    patch(
      prototype,
      'open',
      (open) =>
        function (this: XMLHttpRequest, ...args: unknown[]) {
          requests.set(this, [String(args[0]), String(args[1])]);
          return open.apply(this, args as Parameters<typeof open>);
        },
    ),
    patch(
      prototype,
      'send',
      (send) =>
        function (this: XMLHttpRequest, body) {
          const [method, url] = requests.get(this) ?? [];
          const started = window.performance.now();
          const onEnd = () => {
            if (method && url) report(url, method, window.performance.now() - started, this.status);
          };
          this.addEventListener('loadend', onEnd, { once: true });
          return send.call(this, body);
        },
    ),
  ];
}

/**
 * Observes `api_request_duration_ms{endpoint,method,status_code}` for every fetch and XMLHttpRequest, the endpoint
 * as a template (`/sessions/42` → `/sessions/:id`); a request that got no answer has the status 0.
 */
export function apiCalls({ ignore = [] }: ApiCallsOptions = {}): Integration {
  const isIgnored = (url: string) =>
    [IGNORED, ...ignore].some((one) => (typeof one === 'string' ? url.includes(one) : one.test(url)));
  return {
    name: 'apiCalls',
    setup(telemetry, window) {
      const report: Report = (url, method, ms, status) => {
        if (!isIgnored(url)) telemetry.trackApiCall(url, method, ms, status);
      };
      const undo = [patchFetch(window, report), ...patchXhr(window, report)];
      return () => {
        for (const run of undo) run();
      };
    },
  };
}
