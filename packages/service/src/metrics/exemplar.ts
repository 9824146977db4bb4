import { type SpanContext, TraceFlags, trace } from '@opentelemetry/api';

/**
 * The trace that a measurement is an example of: that of the given span, else of the active one; none where it is not
 * sampled, since nobody could look it up.
 */
export function exemplarOf(span?: SpanContext): { readonly trace_id: string } | undefined {
  const context = span ?? trace.getActiveSpan()?.spanContext();
  return context && (context.traceFlags & TraceFlags.SAMPLED) !== 0
    ? { trace_id: context.traceId }
    : undefined;
}
