import { takeLaunchParams } from './launchParams';

// Runs while this module is evaluated, and main.tsx imports it first: whatever reads the address later (the telemetry
// client, Sentry's replay, the router) finds it clean.
export const launchParams = takeLaunchParams(window);
