import type { Telemetry } from '@artel/telemetry-core';
import { createFakeTelemetry as createFakeClient, type TelemetryCall } from '@artel/telemetry-core/testing';
import type { ReactNode } from 'react';
import { TelemetryProvider } from './index';

export type { TelemetryCall };

/** A client for tests that records calls and sends nothing. */
export interface FakeTelemetry {
  readonly client: Telemetry;
  /** The calls so far, oldest first. */
  readonly calls: readonly TelemetryCall[];
  /** Gives a tree this client: `render(<App />, { wrapper })`. */
  readonly wrapper: (props: { readonly children?: ReactNode }) => ReactNode;
}

/**
 * Creates a fake client for the test of one component. Its methods return what those of a client do that sends nothing: an
 * empty `stats()`, a span without effect, a promise that resolves.
 */
export function createFakeTelemetry(): FakeTelemetry {
  const { telemetry: client, calls } = createFakeClient();
  return {
    client,
    calls,
    wrapper: ({ children }) => <TelemetryProvider client={client}>{children}</TelemetryProvider>,
  };
}
