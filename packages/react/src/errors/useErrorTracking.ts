import type { Metadata } from '@artel/telemetry-core';
import { eventIdOf } from '@artel/telemetry-core';
import { useEffect, useMemo } from 'react';
import { useTelemetry } from '../TelemetryProvider';
import type { ActionOf, MetadataOf, RegisteredMetrics } from '../typedMetrics';
import { captureOnce } from './captureOnce';
import { tellSentry } from './sentryLink';

/** Reports errors and the actions before them. */
export interface ErrorTracking {
  /** Reports an error together with the state of the game. Returns the event's id. */
  captureGameError(error: unknown, gameContext?: Metadata): string;
  /** Counts a user action with its outcome, and adds a breadcrumb to Sentry's next error. */
  captureUserAction<Action extends ActionOf<RegisteredMetrics>>(
    action: Action,
    outcome: 'success' | 'error',
    ...metadata: MetadataOf<RegisteredMetrics, Action>
  ): void;
}

/** Returns `captureGameError` and `captureUserAction`, for the client and, if the app uses it, Sentry. Stable. */
export function useErrorTracking(): ErrorTracking {
  const client = useTelemetry();
  return useMemo(
    () => ({
      captureGameError: (error, gameContext = {}) =>
        captureOnce(client, error, {
          mechanism: 'game',
          tags: { errorType: 'game' },
          contexts: { game: gameContext },
        }),
      captureUserAction(action, outcome, ...[metadata]) {
        client.trackUserAction(action, { ...metadata, outcome });
        tellSentry((sentry) => sentry.captureUserAction(action, outcome, metadata));
      },
    }),
    [client],
  );
}

/**
 * Reports an error that a router's own boundary caught, once for each error object: for `error.tsx` of Next, `errorElement`
 * or `ErrorBoundary` of a route of React Router, `errorComponent` of TanStack Router. Returns the event's id, the same in
 * Sentry and in the logs.
 */
export function useErrorReport(error: unknown): string {
  const client = useTelemetry();
  const eventId = useMemo(() => eventIdOf(error), [error]);
  useEffect(() => {
    captureOnce(client, error, { mechanism: 'auto.function.react.error_page', eventId });
  }, [client, error, eventId]);
  return eventId;
}
