import { isError } from '@artel/telemetry-protocol/scrub';
import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { plainError, scrubLine } from '../scrubTree';

/** Marks a span as failed and records the error on it, scrubbed: its type, message and stack. Never throws. */
export function recordError(span: Span, error: unknown): void {
  const { type, message, stack } = isError(error)
    ? plainError(error)
    : { type: typeof error, message: typeof error === 'string' ? scrubLine(error) : '', stack: undefined };
  span.addEvent('exception', {
    'exception.type': type,
    'exception.message': message,
    ...(stack === undefined ? {} : { 'exception.stacktrace': stack }),
  });
  span.setAttributes({ 'error.type': type, 'error.message': message });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
