import { useCallback, useEffect, useRef } from 'react';
import type { ActionOf, MetadataOf, RegisteredMetrics } from './typedMetrics';
import { useTelemetry } from './useTelemetry';

/**
 * A function that counts an action with the metadata of the last render: for `onClick` and the like. It stays the same
 * while the action does, whatever becomes of the metadata, so that a memoised child is not rendered for its sake.
 */
export function useTrackedAction<Action extends ActionOf<RegisteredMetrics>>(
  action: Action,
  ...[metadata]: MetadataOf<RegisteredMetrics, Action>
): () => void {
  const client = useTelemetry();
  const latest = useRef(metadata);
  // After the commit: a render that is thrown away must not change what the screen counts.
  useEffect(() => {
    latest.current = metadata;
  });
  return useCallback(() => client.trackUserAction(action, latest.current), [client, action]);
}
