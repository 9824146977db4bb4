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

/**
 * Stands for whatever client is started at the moment of a call, so that what the hooks answer stays the same object
 * whether `initTelemetry` was called before the first render or after it.
 */
export const ambientTelemetry: Telemetry = {
  trackUserAction: (...all) => now().trackUserAction(...all),
  trackPageLoad: (...all) => now().trackPageLoad(...all),
  trackApiCall: (...all) => now().trackApiCall(...all),
  trackGameEvent: (...all) => now().trackGameEvent(...all),
  trackError: (...all) => now().trackError(...all),
  count: (...all) => now().count(...all),
  observe: (...all) => now().observe(...all),
  log: {
    debug: (...all) => now().log.debug(...all),
    info: (...all) => now().log.info(...all),
    warn: (...all) => now().log.warn(...all),
    error: (...all) => now().log.error(...all),
  },
  startSpan: (...all) => now().startSpan(...all),
  setUser: (id) => now().setUser(id),
  setPage: (name) => {
    page = name;
    current?.setPage(name);
  },
  setConsent: (granted) => now().setConsent(granted),
  flush: () => now().flush(),
  flushAndClose: () => now().flushAndClose(),
  stats: () => now().stats(),
  shutdown: () => now().shutdown(),
};
