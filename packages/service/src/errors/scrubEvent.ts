import {
  FILTERED,
  isPrivateKey,
  scrubBody,
  scrubSentryHead,
  scrubText,
} from '@artel/telemetry-protocol/scrub';
import type { Event } from '@sentry/node';
import { scrubFields, scrubLine, type TreeBounds } from '../scrubTree';

type Request = NonNullable<Event['request']>;

const EVENT: TreeBounds = { depth: 12, nodes: 20_000, items: 2_000 };

const ADDRESS_HEADER =
  /^(?:forwarded|x-forwarded-for|x-real-ip|true-client-ip|cf-connecting-ip|remote-addr)$/i;

function scrubHeaders(headers: NonNullable<Request['headers']>): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const isPrivate = isPrivateKey(name) || ADDRESS_HEADER.test(name);
    clean[name] = isPrivate ? FILTERED : scrubLine(String(value));
  }
  return clean;
}

function scrubRequest(request: Request): Request {
  const { url, method, headers, data, query_string, cookies } = request;
  const cut = url?.replace(/[?#].*$/s, '');
  return {
    ...(cut === undefined ? {} : { url: scrubText(cut) }),
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers: scrubHeaders(headers) }),
    ...(data === undefined
      ? {}
      : {
          data:
            typeof data === 'string'
              ? scrubBody(data, (parsed) => scrubFields(parsed, EVENT))
              : typeof data === 'object' && data !== null
                ? scrubFields(data, EVENT)
                : FILTERED,
        }),
    ...(query_string === undefined ? {} : { query_string: FILTERED }),
    ...(cookies === undefined ? {} : { cookies: { [FILTERED]: FILTERED } }),
  };
}

/**
 * Scrubs an event in place, so that nothing private leaves with it: the seed's headers (`authorization`, `cookie`,
 * `x-api-key`) and fields (`password`, `token`, `secret`, `key`) read `[Filtered]`, addresses lose their query, every other
 * text is scrubbed of tokens, launch data and e-mail addresses, and of the user only `id` stays.
 */
export function scrubEvent<E extends Event>(event: E): E {
  // Sentry's own live objects, and the versions of packages, some of which are called `cookie` or `key`.
  const { request, user, transaction, sdkProcessingMetadata, modules, ...rest } = event;
  Object.assign(event, scrubFields(rest, EVENT));
  if (sdkProcessingMetadata) event.sdkProcessingMetadata = scrubSentryHead(sdkProcessingMetadata, scrubLine);
  if (request) event.request = scrubRequest(request);
  if (transaction !== undefined) event.transaction = scrubLine(transaction);
  if (user) event.user = user.id === undefined ? {} : { id: scrubText(String(user.id)) };
  return event;
}
