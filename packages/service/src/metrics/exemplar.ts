import { type SpanContext, TraceFlags, trace } from '@opentelemetry/api';

/** A measurement with the trace that it is an example of, as the Prometheus client stores it. */
export interface Exemplar {
  readonly labelSet: { readonly trace_id: string };
  readonly value: number;
  /** Unix time in seconds. */
  readonly timestamp: number;
}

/**
 * A measurement as an example of the trace of the given span, else of the active one; none where that is not sampled,
 * since nobody could look it up.
 */
export function exemplarOf(value: number, span?: SpanContext): Exemplar | undefined {
  const context = span ?? trace.getActiveSpan()?.spanContext();
  return context && (context.traceFlags & TraceFlags.SAMPLED) !== 0
    ? { labelSet: { trace_id: context.traceId }, value, timestamp: Date.now() / 1_000 }
    : undefined;
}
