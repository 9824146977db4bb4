import { createContext } from 'react';
import { ambientTelemetry } from './ambientTelemetry';

/** The client of a part of the tree; outside any provider, the one that `initTelemetry` started. */
export const TelemetryContext = createContext(ambientTelemetry);
