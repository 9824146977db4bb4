import { inertTelemetry, type Telemetry } from '@artel/telemetry-core';
import { warnOnce } from './warnOnce';

const inert = inertTelemetry();
let current: Telemetry | undefined;
let page: string | undefined;

/** What may be recorded before `initTelemetry` is called and wait for it. */
const MAX_EARLY = 100;

/** Calls from before the first client; there is no more waiting after it. */
let early: (() => unknown)[] | undefined = [];

function waitForClient(call: () => unknown): void {
  // One module serves all requests of a server.
  if (!current && early && early.length < MAX_EARLY && typeof window !== 'undefined') early.push(call);
}

/** The client that `initTelemetry` started, if it has. */
export function startedClient(): Telemetry | undefined {
  return current;
}

/** Puts a client in, or takes it out. The first is given what came before it; a page named before stays named. */
export function setStartedClient(client: Telemetry | undefined): void {
  current = client;
  if (client) {
    const calls = early ?? [];
    early = undefined;
    for (const call of calls) call();
  }
  if (page !== undefined) client?.setPage(page);
}

function now(): Telemetry {
  if (current) return current;
  if (typeof window !== 'undefined') {
    warnOnce('nothing is sent before initTelemetry({endpoint, app}) is called');
  }
  return inert;
}

/** Every function of `verbs` as one that asks for the client anew at each call, which may be another by then. */
function late<T extends object>(verbs: T, owner: () => T): T {
  const names = Object.keys(verbs) as (keyof T)[];
  const entries = names.map((name) => {
    const call = (...all: unknown[]): unknown => {
      const run = () => (owner()[name] as (...all: unknown[]) => unknown)(...all);
      const answer = run();
      // The verbs that answer nothing are those that record.
      if (answer === undefined) waitForClient(run);
      return answer;
    };
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
    waitForClient(() => current?.setPage(name));
  },
};
