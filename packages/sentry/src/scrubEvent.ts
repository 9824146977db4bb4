import { scrubBody, scrubSentryHead, scrubText } from '@artel/telemetry-protocol/scrub';
import type { Event, RequestEventData } from '@sentry/react';
import { scrubName, scrubTree } from './scrubTree';

function scrubRequest(request: RequestEventData): RequestEventData {
  const { data, ...rest } = request;
  if (data === undefined) return scrubTree(rest);
  return {
    ...scrubTree(rest),
    data: typeof data === 'string' ? scrubBody(data, scrubTree) : scrubTree(data),
  };
}

/**
 * Answers a copy of an event that holds nothing private: the seed's headers (`authorization`, `cookie`, `x-api-key`)
 * and fields (`password`, `token`, `secret`, `key`) read `[Filtered]`, addresses lose their query and fragment, every
 * other string is scrubbed of Telegram launch data, tokens and e-mail addresses, and of the user only `id` stays.
 */
export function scrubEvent<E extends Event>(event: E): E {
  const clean = scrubTree(event);
  if (event.request) clean.request = scrubRequest(event.request);
  if (event.transaction) clean.transaction = scrubName(event.transaction);
  if (event.sdkProcessingMetadata)
    clean.sdkProcessingMetadata = scrubSentryHead(event.sdkProcessingMetadata, scrubName);
  if (event.user) {
    const id = event.user.id;
    clean.user = id === undefined ? {} : { id: typeof id === 'string' ? scrubText(id) : id };
  }
  return clean;
}
