import { tapWire } from './wire';

/** The page's own wire, tapped while this module is evaluated: main.tsx imports it before the telemetry starts. */
export const ownWire = tapWire(window, '/api/metrics');
