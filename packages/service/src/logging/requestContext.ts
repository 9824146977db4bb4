import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose work it is that runs: on every log line while it does. */
export interface RequestContext {
  readonly requestId?: string;
  readonly userId?: string;
  readonly sessionId?: string;
}

type Held = { -readonly [Key in keyof RequestContext]: RequestContext[Key] };

const HELD = Symbol.for('artel.telemetry.requestContext');

function isStorage(value: unknown): value is AsyncLocalStorage<Held> {
  return value instanceof AsyncLocalStorage;
}

/** One for the process: an ESM and a CJS copy of this package must see the same request. */
function sharedStorage(): AsyncLocalStorage<Held> {
  const held: unknown = Reflect.get(globalThis, HELD);
  if (isStorage(held)) return held;
  const made = new AsyncLocalStorage<Held>();
  Reflect.set(globalThis, HELD, made);
  return made;
}

const storage = sharedStorage();

/** Runs `run` in a context of its own: what it leaves out is the outer context's. Answers what `run` answers. */
export function withRequestContext<T>(context: RequestContext, run: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, run);
}

/** The context that runs now, or an empty one. */
export function currentRequestContext(): RequestContext {
  return storage.getStore() ?? {};
}

/** Fills in what has become known, such as the user after sign-in, until the end of this context. Outside of one it does nothing. */
export function setRequestContext(patch: RequestContext): void {
  const held = storage.getStore();
  if (held) Object.assign(held, patch);
}

/** A context that can be entered again, where a stream or a socket has lost it. */
export interface HeldContext {
  enter(run: () => void): void;
}

/** Makes a context to enter, beneath the one that runs now. */
export function holdRequestContext(context: RequestContext): HeldContext {
  const held: Held = { ...storage.getStore(), ...context };
  return {
    enter(run) {
      if (storage.getStore() === held) run();
      else storage.run(held, run);
    },
  };
}
