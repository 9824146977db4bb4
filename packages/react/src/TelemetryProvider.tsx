import type { Telemetry } from '@artel/telemetry-core';
import { createContext, type ReactNode, useContext } from 'react';
import { ambientTelemetry } from './ambientTelemetry';

/** The client of a part of the tree; outside any provider, the one that `initTelemetry` started or will start. */
export const TelemetryContext = createContext(ambientTelemetry);

/** Props of `TelemetryProvider`. */
export interface TelemetryProviderProps {
  /** The client for the hooks and boundaries below. Default: the one of `initTelemetry`. */
  readonly client?: Telemetry | undefined;
  readonly children?: ReactNode;
}

/** Gives the tree below a client of its own. Apps with one client do not need it: `initTelemetry` is enough. */
export function TelemetryProvider({
  client = ambientTelemetry,
  children,
}: TelemetryProviderProps): ReactNode {
  return <TelemetryContext.Provider value={client}>{children}</TelemetryContext.Provider>;
}

/** Returns the whole client: the nearest provider's, or the one that `initTelemetry` started or will start. */
export function useTelemetry(): Telemetry {
  return useContext(TelemetryContext);
}
