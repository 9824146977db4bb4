import type { Telemetry } from '@artel/telemetry-core';
import { useTelemetry } from './useTelemetry';

/** The verbs that record. */
export type Metrics = Pick<
  Telemetry,
  'trackUserAction' | 'trackPageLoad' | 'trackApiCall' | 'trackGameEvent' | 'trackError' | 'count' | 'observe'
>;

/**
 * The verbs that record, the same object with the same functions on every render: safe in the dependencies of effects,
 * and no cause of one. Works whether `initTelemetry` is called before the first render or after it.
 */
export function useMetrics(): Metrics {
  return useTelemetry();
}
