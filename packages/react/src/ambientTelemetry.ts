import { inertTelemetry, type Telemetry } from '@artel/telemetry-core';
import { warnOnce } from './warnOnce';

/** Whether there is a page. On a server one module serves the requests of everybody, so nothing may be kept in it. */
export const hasPage = (): boolean => typeof document !== 'undefined';

const inert = inertTelemetry();
/** The client that `initTelemetry` started, if any. */
export let currentClient: Telemetry | undefined;
let page: string | undefined;

/** Calls made before the first client, at most 100; those beyond are lost. `undefined` from the first client on. */
let queue: (() => unknown)[] | undefined = hasPage() ? [] : undefined;

/** Sets or removes the page's client. The first one receives the queued calls, each one the name of the page. */
export function setCurrentClient(client: Telemetry | undefined): void {
  currentClient = client;
  if (!client) return;
  for (const call of queue ?? []) call();
  queue = undefined;
  if (page) client.setPage(page);
}

/** The same methods, each of which calls that of the client of the moment, found by `pick`. */
function forward<T extends object>(methods: T, pick: (client: Telemetry) => T): T {
  const names = Object.keys(methods) as (keyof T)[];
  const entries = names.map((name) => [
    name,
    (...args: unknown[]): unknown => {
      const call = () => (pick(currentClient ?? inert)[name] as (...args: unknown[]) => unknown)(...args);
      const result = call();
      if (__DEV__ && !currentClient && hasPage()) {
        warnOnce('nothing is sent before initTelemetry({endpoint, app}) is called');
      }
      // Methods that record return nothing.
      if (result === undefined && queue && queue.length < 100) queue.push(call);
      return result;
    },
  ]);
  return Object.fromEntries(entries) as T;
}

const forwarded = forward(inert, (client) => client);

/**
 * Calls whichever client `initTelemetry` has started by then, so that hooks return the same object whether it was called
 * before the first render or after it.
 */
export const ambientTelemetry: Telemetry = {
  ...forwarded,
  log: forward(inert.log, ({ log }) => log),
  setPage(name) {
    page = name;
    forwarded.setPage(name);
  },
};
