import type { Telemetry } from '@artel/telemetry-core';
import { eventIdOf } from '@artel/telemetry-core';
import type { ErrorFacts } from '@artel/telemetry-sentry';
import { isControlFlow } from './controlFlow';
import { tellSentry } from './sentryLink';

interface Facts extends Omit<ErrorFacts, 'eventId'> {
  /** Default: that of the error object. */
  readonly eventId?: string | undefined;
}

const captured = new WeakSet<object>();

/**
 * Reports an error to the client and to Sentry, once for each error object, whichever of a boundary, a root handler and a
 * hook sees it first. A thrown primitive has no identity, so each catch of one counts. The control flow of frameworks is
 * not reported. Returns the event's id.
 */
export function captureOnce(client: Telemetry, error: unknown, facts: Facts): string {
  const { eventId = eventIdOf(error), handled = true, mechanism, componentStack, tags, contexts } = facts;
  const key: object = Object(error);
  if (captured.has(key) || isControlFlow(error)) return eventId;
  captured.add(key);
  client.trackError(error, {
    ...contexts,
    ...tags,
    handled,
    mechanism,
    component_stack: componentStack,
    event_id: eventId,
  });
  tellSentry((sentry) => sentry.captureError(error, { ...facts, handled, eventId }));
  return eventId;
}
