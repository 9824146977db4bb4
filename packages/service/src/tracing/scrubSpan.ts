import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { scrubLine, scrubTree } from '../scrubTree';

function isAttribute(value: unknown): value is AttributeValue {
  return Array.isArray(value) || ['string', 'number', 'boolean'].includes(typeof value);
}

/** Scrubs attributes, by their names too: `url.query` and `http.request.header.cookie` are filtered whole. */
function scrubAttributes(attributes: Attributes): Attributes {
  const clean: Attributes = {};
  for (const key of Object.keys(attributes)) {
    const value = attributes[key];
    const scrubbed = typeof value === 'number' ? value : scrubTree(value, key);
    if (isAttribute(scrubbed)) clean[key] = scrubbed;
  }
  return clean;
}

/** A copy of a span for the exporter with every text in it scrubbed; the span itself stays as it is. */
export function scrubSpan(span: ReadableSpan): ReadableSpan {
  const { status, parentSpanContext } = span;
  return {
    name: scrubLine(span.name),
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(parentSpanContext ? { parentSpanContext } : {}),
    startTime: span.startTime,
    endTime: span.endTime,
    status: status.message === undefined ? status : { ...status, message: scrubLine(status.message) },
    attributes: scrubAttributes(span.attributes),
    links: span.links.map((link) =>
      link.attributes ? { ...link, attributes: scrubAttributes(link.attributes) } : link,
    ),
    events: span.events.map((event) =>
      event.attributes ? { ...event, attributes: scrubAttributes(event.attributes) } : event,
    ),
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}
