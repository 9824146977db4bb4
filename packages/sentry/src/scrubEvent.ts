import { scrubBody, scrubSentryHead, scrubText } from '@artel/telemetry-protocol/scrub';
import type { BrowserOptions, Event, RequestEventData } from '@sentry/react';
import { scrubName, scrubTree } from './scrubTree';

function scrubRequest(request: RequestEventData): RequestEventData {
  const { data, ...rest } = request;
  if (data === undefined) return scrubTree(rest);
  return {
    ...scrubTree(rest),
    data: typeof data === 'string' ? scrubBody(data, scrubTree) : scrubTree(data),
  };
}

function scrubUser(id: unknown): NonNullable<Event['user']> {
  if (typeof id === 'string') return { id: scrubText(id) };
  return typeof id === 'number' ? { id } : {};
}

/**
 * Returns a copy of an event without private data: private headers (`authorization`, `cookie`, `x-api-key`) and fields
 * (`password`, `token`, `secret`, `key`) read `[Filtered]`, addresses lose query and fragment, Telegram launch data,
 * tokens and e-mail addresses are removed from every other string, and of the user only `id` is kept.
 */
export function scrubEvent<E extends Event>(event: E): E {
  const clean = scrubTree(event);
  if (event.request) clean.request = scrubRequest(event.request);
  if (event.transaction) clean.transaction = scrubName(event.transaction);
  if (event.sdkProcessingMetadata)
    clean.sdkProcessingMetadata = scrubSentryHead(event.sdkProcessingMetadata, scrubName);
  if (event.user) clean.user = scrubUser(event.user.id);
  return clean;
}

type BeforeSendSpan = NonNullable<BrowserOptions['beforeSendSpan']>;

/** Returns a copy of a span with its name and attributes scrubbed. Sentry does not let this hook drop a span. */
export const scrubSpan: BeforeSendSpan = (span) => ({ ...scrubTree(span), name: scrubName(span.name) });

/** The part of Sentry's `Integration` that is used here. */
interface EventProcessor {
  readonly name: string;
  processEvent(event: Event): Event;
}

/** Name of the integration below. A client that has it was started by `initSentry`. */
export const SCRUBBER = 'ArtelScrubber';

/** Scrubs the events for which Sentry calls no `beforeSend`: replays (`urls`, `request`), feedback, transactions. */
export function scrubber(): EventProcessor {
  return {
    name: SCRUBBER,
    processEvent: (event) => (event.type === undefined ? event : scrubEvent(event)),
  };
}
