/** A pending timer. */
export type Timer = ReturnType<typeof setTimeout>;

/** What the client needs of Web Locks. */
export type Locks = Pick<LockManager, 'request'>;

/**
 * Every fact that the client takes from the outside: clock, chance, network, storage, page. One object, so that a
 * test can be a browser of its own making. What the browser lacks is `undefined`.
 */
export interface Environment {
  /** Unix time in ms by the device's clock, which may jump. */
  now(): number;
  /** Ms since some moment, never going back. */
  monotonic(): number;
  /** In [0, 1). */
  random(): number;
  /** `bytes` random bytes as lower-case hex. */
  randomHex(bytes: number): string;
  setTimer(run: () => void, ms: number): Timer;
  clearTimer(timer: Timer | undefined): void;
  /** Runs when the page has nothing better to do, a second from now at the latest. */
  whenIdle(run: () => void): void;
  readonly fetch: typeof fetch | undefined;
  readonly sendBeacon: ((url: string, body: string) => boolean) | undefined;
  /** Gzips a text; `undefined` without CompressionStream. */
  readonly gzip: ((text: string) => Promise<Uint8Array<ArrayBuffer>>) | undefined;
  readonly indexedDB: IDBFactory | undefined;
  readonly localStorage: Storage | undefined;
  readonly sessionStorage: Storage | undefined;
  readonly locks: Locks | undefined;
  readonly window: Window & typeof globalThis;
  readonly document: Document;
  warn(message: string): void;
}

/** Reads a property of a host object that may throw on access, as storage does where it is blocked. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read() ?? undefined;
  } catch {
    return undefined;
  }
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The browser around this script, or `undefined` where there is none (server rendering). */
export function browserEnvironment(): Environment | undefined {
  if (typeof window === 'undefined' || typeof document === 'undefined') return undefined;
  const { navigator } = window;
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    randomHex: (bytes) =>
      Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join(''),
    setTimer: (run, ms) => setTimeout(run, ms),
    clearTimer: (timer) => clearTimeout(timer),
    whenIdle: (run) => {
      // Not in Safari: https://bugs.webkit.org/show_bug.cgi?id=164193
      if (window.requestIdleCallback) window.requestIdleCallback(run, { timeout: 1_000 });
      else setTimeout(run, 1);
    },
    // Bound now, before an integration wraps it: the client's own requests are nobody's API calls.
    fetch: attempt(() => window.fetch.bind(window)),
    sendBeacon: attempt(() => navigator.sendBeacon.bind(navigator)),
    gzip: typeof CompressionStream === 'function' ? gzip : undefined,
    indexedDB: attempt(() => window.indexedDB),
    localStorage: attempt(() => window.localStorage),
    sessionStorage: attempt(() => window.sessionStorage),
    locks: attempt(() => navigator.locks),
    window,
    document,
    // biome-ignore lint/suspicious/noConsole: the one place from which the client warns, in development
    warn: (message) => console.warn(message),
  };
}
