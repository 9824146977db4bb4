import type { Telemetry } from '@artel/telemetry-core';
import { useContext } from 'react';
import { TelemetryContext } from './TelemetryContext';

/** The whole client: the nearest provider's, or the one that `initTelemetry` started or will start. */
export function useTelemetry(): Telemetry {
  return useContext(TelemetryContext);
}
