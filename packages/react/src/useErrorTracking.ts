import type { Metadata, Telemetry } from '@artel/telemetry-core';
import { captureOnce } from './captureOnce';
import { tellSentry } from './sentryLink';
import type { ActionOf, MetadataOf, RegisteredMetrics } from './typedMetrics';
import { useTelemetry } from './useTelemetry';

/** The seed's verbs about errors and what led to them. */
export interface ErrorTracking {
  /** Reports an error with the game's state beside it; answers the event's id. */
  captureGameError(error: unknown, gameContext?: Metadata): string;
  /** Counts a user action with its outcome, and leaves a breadcrumb for the next error's trail. */
  captureUserAction<Action extends ActionOf<RegisteredMetrics>>(
    action: Action,
    outcome: 'success' | 'error',
    ...metadata: MetadataOf<RegisteredMetrics, Action>
  ): void;
}

const made = new WeakMap<Telemetry, ErrorTracking>();

function createErrorTracking(client: Telemetry): ErrorTracking {
  return {
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
  };
}

/** `captureGameError` and `captureUserAction`, to the client and, where the app has it, to Sentry. Stable. */
export function useErrorTracking(): ErrorTracking {
  const client = useTelemetry();
  const verbs = made.get(client) ?? createErrorTracking(client);
  made.set(client, verbs);
  return verbs;
}
