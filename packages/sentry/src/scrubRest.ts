import type { Event } from '@sentry/react';
import { scrubEvent } from './scrubEvent';

/** What Sentry asks of an integration, as far as this one goes. */
interface EventIntegration {
  readonly name: string;
  processEvent(event: Event): Event;
}

/** Name under which the integration below is found in a Sentry client: the mark of a client that we made. */
export const SCRUB_REST = 'ArtelScrubRest';

/** Scrubs the events for which Sentry calls no `beforeSend`: replays (`urls`, `request`), feedback, transactions. */
export function scrubRest(): EventIntegration {
  return {
    name: SCRUB_REST,
    processEvent: (event) => (event.type === undefined ? event : scrubEvent(event)),
  };
}
