import { types } from 'node:util';

/** Told once when a call has ended: its duration in seconds, and what it threw or rejected with. */
export type CallEnded = (seconds: number, failure: { readonly error: unknown } | undefined) => void;

/**
 * Wraps a function of any kind and tells when it has ended: a promise when it settles, anything else when it returns.
 * `this`, arguments, results, errors and types are the function's own.
 */
export function trackCall<This, Args extends unknown[], Result>(
  run: (this: This, ...args: Args) => Result,
  ended: CallEnded,
): (this: This, ...args: Args) => Result {
  return function tracked(this: This, ...args: Args): Result {
    const started = performance.now();
    const end = (failure?: { readonly error: unknown }) =>
      ended((performance.now() - started) / 1_000, failure);
    let result: Result;
    try {
      result = run.apply(this, args);
    } catch (error) {
      end({ error });
      throw error;
    }
    if (!types.isPromise(result)) {
      end();
      return result;
    }
    // The promise that follows, not the first one: a rejection that nobody handles must still be told of.
    const followed = result.then(
      (value) => {
        end();
        return value;
      },
      (error: unknown) => {
        end({ error });
        throw error;
      },
    );
    return followed as Result;
  };
}
