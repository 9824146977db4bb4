import { attempt, type Environment } from '../../page/environment';
import type { ApiCall } from '../../page/registry';

interface WatchDeps {
  readonly environment: Environment;
  /** Whether an absolute URL is telemetry's own. */
  readonly isOwn: (href: string) => boolean;
  readonly onCall: (call: ApiCall) => void;
}

type Read = () => readonly [url: string, method: string];
/** Ends a call; nothing that `readStatus` throws leaves it. */
type End = (readStatus: () => number | string) => void;
type Apply<This> = (original: () => unknown, self: This, args: readonly unknown[]) => unknown;

/** The current call of an XMLHttpRequest. */
interface XhrCall {
  /** Present from `open` to the end. */
  read?: Read | undefined;
  /** Present from `send` to the end. */
  end?: End | undefined;
}

/** Data in the page is no API call, and Sentry's envelopes are telemetry. */
const IGNORED = /^(?:data|blob):|\/envelope\/(?:\?|$)/i;

const XHR_ENDS = { load: 0, abort: 'aborted', timeout: 'timeout', error: 'network' };

/** Apps abort with reasons of their own, so the signal says more than the error. */
function failureOf(error: unknown, signal?: AbortSignal | null): string {
  const { name } = Object(error);
  if (name === 'TimeoutError') return 'timeout';
  return signal?.aborted || name === 'AbortError' ? 'aborted' : 'network';
}

/**
 * Replaces a method by a proxy, which has the name, length and properties of the original. A method that is missing or
 * read-only stays. Returns how to restore it, which does nothing if another library has wrapped it since.
 */
function patch<This>(on: object = {}, name: string, apply: Apply<This>): () => void {
  const original: unknown = Reflect.get(on, name);
  if (typeof original !== 'function') return () => {};
  const patched = new Proxy(original, { apply });
  Reflect.set(on, name, patched);
  return () => {
    if (Reflect.get(on, name) === patched) Reflect.set(on, name, original);
  };
}

/** Watches the page's fetches and XMLHttpRequests, which behave exactly as before. Returns how to stop. */
export function watchCalls({ environment, isOwn, onCall }: WatchDeps): () => void {
  const { performance, document } = environment;
  const xhrCalls = new WeakMap<XMLHttpRequest, XhrCall>();
  let active = true;
  /** A fetch polyfill sends an XMLHttpRequest of its own, which is the same call. */
  let inFetch = false;

  const begin = (read: Read): End | undefined =>
    attempt(() => {
      const [url, method] = read();
      if (!active || IGNORED.test(url)) return;
      const { href } = new URL(url, document.baseURI);
      if (isOwn(href)) return;
      const started = performance.now();
      return (readStatus) =>
        attempt(() => onCall({ url, href, method, ms: performance.now() - started, status: readStatus() }));
    });

  const settle = (call: XhrCall | undefined, status: number | string) => {
    const { end } = call ?? {};
    if (call) call.read = call.end = undefined;
    end?.(() => status);
  };

  const undo = [
    patch(environment, 'fetch', (fetch, self, args) => {
      const [input, init] = args as [Request, RequestInit?];
      const end = args.length
        ? begin(() => [input?.url ?? `${input}`, init?.method ?? input?.method ?? 'GET'])
        : undefined;
      const outer = inFetch;
      inFetch = true;
      let result: unknown;
      try {
        result = Reflect.apply(fetch, self, args);
      } finally {
        inFetch = outer;
      }
      if (!end || typeof Object(result).then !== 'function') return result;
      // Another promise of the same kind: a handler on the app's own would make its rejection a handled one.
      return (result as Promise<Response>).then(
        (response) => {
          end(() => response.status || 0);
          return response;
        },
        (error) => {
          end(() => failureOf(error, init?.signal ?? input?.signal));
          throw error;
        },
      );
    }),

    patch<XMLHttpRequest>(environment.XMLHttpRequest?.prototype, 'open', (open, self, args) => {
      // A call in flight ends here without an event. One that is through ends with its status: the app uses the request
      // again in a handler that runs before ours.
      const status = attempt(() => (self.readyState === 4 ? self.status || 'network' : 'aborted'));
      const result = Reflect.apply(open, self, args);
      let call = xhrCalls.get(self);
      settle(call, status ?? 0);
      if (!call) {
        const watched: XhrCall = {};
        call = watched;
        xhrCalls.set(self, watched);
        for (const [type, failure] of Object.entries(XHR_ENDS)) {
          self.addEventListener(type, () => {
            if (self.readyState === 4) settle(watched, failure || self.status);
          });
        }
      }
      if (!inFetch) call.read = () => [`${args[1]}`, `${args[0]}`];
      return result;
    }),

    patch<XMLHttpRequest>(environment.XMLHttpRequest?.prototype, 'send', (send, self, args) => {
      const call = xhrCalls.get(self);
      // A second `send` in flight throws, and the first goes on.
      const read = call?.end ? undefined : call?.read;
      if (call && read) call.end = begin(read);
      try {
        return Reflect.apply(send, self, args);
      } catch (error) {
        // A synchronous request fails without an event.
        if (read) settle(call, failureOf(error));
        throw error;
      }
    }),
  ];

  return () => {
    active = false;
    for (const run of undo) run();
  };
}
