import type { Telemetry } from '@artel/telemetry-core';
import type { ReactNode } from 'react';
import { ambientTelemetry } from './ambientTelemetry';
import { TelemetryContext } from './TelemetryContext';

/** Props of `TelemetryProvider`. */
export interface TelemetryProviderProps {
  /** The client for the hooks and boundaries below; the one of `initTelemetry` when left out. */
  readonly client?: Telemetry | undefined;
  readonly children?: ReactNode;
}

/** Gives the tree below a client of its own. Apps need it for tests only: `initTelemetry` serves the rest. */
export function TelemetryProvider({
  client = ambientTelemetry,
  children,
}: TelemetryProviderProps): ReactNode {
  return <TelemetryContext.Provider value={client}>{children}</TelemetryContext.Provider>;
}
