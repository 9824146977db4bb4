import { useCallback, useEffect, useRef } from 'react';
import { useTelemetry } from './TelemetryProvider';
import type { ActionOf, MetadataOf, RegisteredMetrics, TypedMetrics } from './typedMetrics';

/** The methods that record: what the app has registered, or anything. */
export type Metrics = TypedMetrics<RegisteredMetrics>;

/**
 * Returns the methods that record: the same object with the same functions on every render, safe in the dependencies of
 * effects. Never causes a render. `initTelemetry` may be called before the first render or after it. Once the result of
 * `defineMetrics` is registered, a wrong name or label does not compile.
 */
export const useMetrics: () => Metrics = useTelemetry;

/**
 * Returns a function that counts an action with the metadata of the last render, for `onClick`. It stays the same while
 * the action does, whatever the metadata, so memoised children are not rendered again.
 */
export function useTrackedAction<Action extends ActionOf<RegisteredMetrics>>(
  action: Action,
  ...[metadata]: MetadataOf<RegisteredMetrics, Action>
): () => void {
  const client = useTelemetry();
  const latest = useRef(metadata);
  // After the commit: a render that is thrown away must not change what is counted.
  useEffect(() => {
    latest.current = metadata;
  });
  return useCallback(() => client.trackUserAction(action, latest.current), [client, action]);
}
