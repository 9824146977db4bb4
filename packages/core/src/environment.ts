/**
 * Every fact that the client takes from the outside (clock, chance, network, storage, page) it reads from this one
 * object, the page's own `window`, so that a test can be a browser of its own making.
 */
export type Environment = Window & typeof globalThis;

/** A pending timer. */
export type Timer = ReturnType<Window['setTimeout']>;

/** What `read` answers, or `undefined` where it throws, as storage does on access where it is blocked. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * Makes something when it is first asked for. A page that starts pays only for what takes part in its start: the
 * browser compiles a function when it first runs.
 */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** `bytes` random bytes as lower-case hex. */
export function randomHex({ crypto }: Environment, bytes: number): string {
  let hex = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(bytes))) hex += (byte + 256).toString(16).slice(1);
  return hex;
}

/** Settles after `ms`. */
export function sleep(environment: Environment, ms: number): Promise<undefined> {
  return new Promise((resolve) => environment.setTimeout(resolve, ms));
}

/** Runs when the page has nothing better to do, a second from now at the latest. */
export function whenIdle(environment: Environment, run: () => void): void {
  // Not in Safari: https://bugs.webkit.org/show_bug.cgi?id=164193
  if (environment.requestIdleCallback) environment.requestIdleCallback(run, { timeout: 1_000 });
  else environment.setTimeout(run, 1);
}

/** Listens to each of `events` until the answer is called. */
export function listen(
  events: readonly (readonly [target: EventTarget, type: string, run: (event: never) => void])[],
): () => void {
  for (const [target, type, run] of events) target.addEventListener(type, run as EventListener, true);
  return () => {
    for (const [target, type, run] of events) target.removeEventListener(type, run as EventListener, true);
  };
}
