/**
 * Everything that the client reads from outside (time, randomness, network, storage, page), in one object: the page's
 * `window`. A test provides its own.
 */
export type Environment = Window & typeof globalThis;

/** A pending timer. */
export type Timer = ReturnType<Window['setTimeout']>;

/** Returns the result of `run`, or `undefined` if it throws, as storage does where it is blocked. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** Returns whether the browser prerenders the page, which no player may ever see. https://developer.chrome.com/docs/web-platform/prerender-pages */
export function isPrerendering({ document }: Environment): boolean {
  return !!(document as { prerendering?: boolean }).prerendering;
}

/** Returns `bytes` random bytes as lower-case hex. */
export function randomHex({ crypto }: Pick<Environment, 'crypto'>, bytes: number): string {
  let hex = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(bytes))) hex += (byte + 256).toString(16).slice(1);
  return hex;
}

/** Runs `run` after `ms`. What it throws stays here: no timer of the client may throw into the page. */
export function after(environment: Environment, ms: number, run: () => void): Timer {
  return environment.setTimeout(() => attempt(run), ms);
}

/** Resolves after `ms`, to `undefined`. */
export function sleep(environment: Environment, ms: number): Promise<undefined> {
  return new Promise((resolve) => environment.setTimeout(resolve, ms));
}

/** Runs `run` when the page is idle, a second from now at the latest. */
export function whenIdle(environment: Environment, run: () => void): void {
  const safe = () => attempt(run);
  // Not in Safari: https://bugs.webkit.org/show_bug.cgi?id=164193
  if (environment.requestIdleCallback) environment.requestIdleCallback(safe, { timeout: 1_000 });
  else environment.setTimeout(safe, 1);
}

/** Listens to each of `events`, in the capture phase. Returns how to stop. */
export function listen(
  events: readonly (readonly [target: EventTarget, type: string, run: (event: never) => void])[],
): () => void {
  // An object, since Node's event targets, in tests, ignore the short form when they remove.
  const each = (verb: 'addEventListener' | 'removeEventListener') => {
    for (const [target, type, run] of events) target[verb](type, run as EventListener, { capture: true });
  };
  each('addEventListener');
  return () => each('removeEventListener');
}
