import type { Integration, Telemetry } from '../telemetry';

export interface ApiCallsOptions {
  /** URLs that are not reported: a part of the URL, or a pattern. The client's own requests never are. */
  readonly ignore?: readonly (string | RegExp)[];
}

/** Sentry's envelopes are telemetry too, not calls of the app. */
const SENTRY = /\/envelope\/(?:\?|$)/;

type Report = (url: string, method: string, ms: number, status: number) => void;

function patchFetch(window: Window & typeof globalThis, now: () => number, report: Report): () => void {
  const { fetch } = window;
  if (typeof fetch !== 'function') return () => undefined;
  const patched: typeof window.fetch = async (input, init) => {
    const started = now();
    let status = 0;
    try {
      const response = await fetch.call(window, input, init);
      status = response.status;
      return response;
    } finally {
      const request = typeof input === 'object' && 'url' in input ? input : undefined;
      report(
        request?.url ?? String(input),
        init?.method ?? request?.method ?? 'GET',
        now() - started,
        status,
      );
    }
  };
  window.fetch = patched;
  return () => {
    // Somebody who wrapped it after us would be undone too.
    if (window.fetch === patched) window.fetch = fetch;
  };
}

function patchXhr(window: Window & typeof globalThis, now: () => number, report: Report): () => void {
  const prototype = window.XMLHttpRequest?.prototype;
  if (!prototype) return () => undefined;
  const { open, send } = prototype;
  const requests = new WeakMap<XMLHttpRequest, { readonly method: string; readonly url: string }>();
  const patchedOpen = function (this: XMLHttpRequest, ...args: Parameters<XMLHttpRequest['open']>) {
    requests.set(this, { method: String(args[0]), url: String(args[1]) });
    return open.apply(this, args);
  } as XMLHttpRequest['open'];
  const patchedSend: XMLHttpRequest['send'] = function (this: XMLHttpRequest, body) {
    const request = requests.get(this);
    const started = now();
    if (request) {
      this.addEventListener(
        'loadend',
        () => report(request.url, request.method, now() - started, this.status),
        {
          once: true,
        },
      );
    }
    return send.call(this, body);
  };
  prototype.open = patchedOpen;
  prototype.send = patchedSend;
  return () => {
    if (prototype.open === patchedOpen) prototype.open = open;
    if (prototype.send === patchedSend) prototype.send = send;
  };
}

/**
 * Observes `api_request_duration_ms{endpoint,method,status_code}` for every fetch and XMLHttpRequest, the endpoint
 * as a template (`/sessions/42` → `/sessions/:id`); a request that got no answer has the status 0.
 */
export function apiCalls({ ignore = [] }: ApiCallsOptions = {}): Integration {
  const isIgnored = (url: string) =>
    SENTRY.test(url) || ignore.some((one) => (typeof one === 'string' ? url.includes(one) : one.test(url)));
  return {
    name: 'apiCalls',
    setup(telemetry: Telemetry, { window, monotonic }) {
      const report: Report = (url, method, ms, status) => {
        if (/^(?:data|blob):/.test(url) || isIgnored(url)) return;
        telemetry.trackApiCall(url, method, ms, status);
      };
      const undo = [patchFetch(window, monotonic, report), patchXhr(window, monotonic, report)];
      return () => {
        for (const run of undo) run();
      };
    },
  };
}
