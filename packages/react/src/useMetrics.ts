import type { RegisteredMetrics, TypedMetrics } from './typedMetrics';
import { useTelemetry } from './useTelemetry';

/** The verbs that record: what the app has registered, or anything. */
export type Metrics = TypedMetrics<RegisteredMetrics>;

/**
 * The verbs that record, the same object with the same functions on every render: safe in the dependencies of effects,
 * and no cause of one. Works whether `initTelemetry` is called before the first render or after it. With what
 * `defineMetrics` answers registered, a wrong name or label is an error of types.
 */
export function useMetrics(): Metrics {
  return useTelemetry();
}
