import { AsyncResource } from 'node:async_hooks';

/** Any function that takes results. */
export type Callback = (...results: unknown[]) => unknown;

/**
 * A callback that runs in the context of here and now, whoever calls it and from where. Node's own `AsyncResource.bind` does
 * the same and takes ten times as long, for a property of the function that is deprecated.
 */
export function inCallerContext(callback: Callback): Callback {
  const resource = new AsyncResource('artel-callback');
  return function bound(this: unknown, ...results) {
    return resource.runInAsyncScope(callback, this, ...results);
  };
}
