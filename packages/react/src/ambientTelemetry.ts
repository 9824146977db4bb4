import { inertTelemetry, type Telemetry } from '@artel/telemetry-core';
import { warnOnce } from './warnOnce';

const inert = inertTelemetry();
let current: Telemetry | undefined;
let page: string | undefined;

/** The client that `initTelemetry` started, if it has. */
export function startedClient(): Telemetry | undefined {
  return current;
}

/** Puts a client in, or takes it out. A page named before stays named. */
export function setStartedClient(client: Telemetry | undefined): void {
  current = client;
  if (page !== undefined) client?.setPage(page);
}

function now(): Telemetry {
  if (current) return current;
  if (typeof window !== 'undefined') {
    warnOnce('nothing is recorded before initTelemetry({endpoint, app}) is called');
  }
  return inert;
}

/** Every function of `verbs` as one that asks for the client anew at each call, which may be another by then. */
function late<T extends object>(verbs: T, owner: () => T): T {
  const names = Object.keys(verbs) as (keyof T)[];
  const entries = names.map((name) => {
    const call = (...all: unknown[]): unknown => (owner()[name] as (...all: unknown[]) => unknown)(...all);
    return [name, call];
  });
  return Object.fromEntries(entries) as T;
}

/**
 * Stands for whatever client is started at the moment of a call, so that what the hooks answer stays the same object
 * whether `initTelemetry` was called before the first render or after it.
 */
export const ambientTelemetry: Telemetry = {
  ...late(inert, now),
  log: late(inert.log, () => now().log),
  setPage(name) {
    page = name;
    current?.setPage(name);
  },
};
