import type { Telemetry } from '@artel/telemetry-core';
import type { ErrorFacts } from '@artel/telemetry-sentry';
import { tellSentry } from './sentryLink';

const ids = new WeakMap<object, string>();
const captured = new WeakSet<object>();

function isObject(value: unknown): value is object {
  return Object(value) === value;
}

function randomId(): string {
  return '0'.repeat(32).replace(/0/g, () => Math.floor(Math.random() * 16).toString(16));
}

/** The id under which an error is, or will be, known to Sentry and in the logs: one and the same for an object. */
export function eventIdOf(error: unknown): string {
  if (!isObject(error)) return randomId();
  const id = ids.get(error) ?? randomId();
  ids.set(error, id);
  return id;
}

/**
 * Reports an error to the client and to Sentry, once for each error object, whichever of a boundary, a root handler and
 * a hook sees it first. A thrown word has no identity, so each catch of one counts. Answers the event's id.
 */
export function captureOnce(client: Telemetry, error: unknown, facts: ErrorFacts): string {
  const eventId = facts.eventId ?? eventIdOf(error);
  if (isObject(error)) {
    if (captured.has(error)) return eventId;
    captured.add(error);
  }
  const { handled = true, mechanism, componentStack, tags, contexts } = facts;
  client.trackError(error, {
    ...contexts,
    ...tags,
    handled,
    mechanism,
    component_stack: componentStack,
    event_id: eventId,
  });
  tellSentry((sentry) => sentry.captureError(error, { ...facts, eventId }));
  return eventId;
}
