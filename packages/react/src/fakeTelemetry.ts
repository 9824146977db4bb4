import { inertTelemetry, type Telemetry } from '@artel/telemetry-core';

/** One call of a verb, as a test reads it. */
export type Call = readonly [verb: string, ...all: unknown[]];

/** A client for tests that writes its calls down and does nothing else. */
export function fakeTelemetry(): { readonly client: Telemetry; readonly calls: Call[] } {
  const calls: Call[] = [];
  const note =
    (verb: string) =>
    (...all: unknown[]): void => {
      calls.push([verb, ...all]);
    };
  const client: Telemetry = {
    ...inertTelemetry(),
    trackUserAction: note('trackUserAction'),
    trackPageLoad: note('trackPageLoad'),
    trackApiCall: note('trackApiCall'),
    trackGameEvent: note('trackGameEvent'),
    trackError: note('trackError'),
    count: note('count'),
    observe: note('observe'),
    setUser: note('setUser'),
    setPage: note('setPage'),
  };
  return { client, calls };
}
