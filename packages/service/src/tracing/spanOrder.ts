import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type IdGenerator, type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace';
import type { HeldSpan } from './heldSpan';
import { traceIds } from './traceIds';

/** Has the SDK make spans with ids and a decision that are there already. */
export interface SpanOrder {
  /** What the SDK is to be given. */
  readonly sampler: Sampler;
  readonly idGenerator: IdGenerator;
  /** Has a span made under `above` with these ids, sampled or only recorded as their flags say. */
  make(tracer: Tracer, name: string, options: SpanOptions, above: Context, ids: SpanContext): Span;
  /** Has a span made of one that was held, and ends it, so that it goes the way of all others. */
  release(held: HeldSpan): void;
}

/** The SDK asks two objects for ids and decisions, and at once: both answer from the order at hand. */
export function createSpanOrder(): SpanOrder {
  const sampled = { decision: SamplingDecision.RECORD_AND_SAMPLED };
  const recorded = { decision: SamplingDecision.RECORD };
  let ordered: SpanContext | undefined;

  const make: SpanOrder['make'] = (tracer, name, options, above, ids) => {
    ordered = ids;
    try {
      return tracer.startSpan(name, options, above);
    } finally {
      ordered = undefined;
    }
  };
  return {
    sampler: {
      shouldSample: () => (ordered && (ordered.traceFlags & TraceFlags.SAMPLED) === 0 ? recorded : sampled),
      toString: () => 'AsOrdered',
    },
    idGenerator: {
      generateTraceId: () => ordered?.traceId ?? traceIds.generateTraceId(),
      generateSpanId: () => ordered?.spanId ?? traceIds.generateSpanId(),
    },
    make,
    release(held) {
      const { name, options, place, acts, status, endTime } = held.story();
      const above = place.parent ? trace.setSpanContext(ROOT_CONTEXT, place.parent) : ROOT_CONTEXT;
      const span = make(place.tracer, name, options, above, place.spanContext);
      for (const act of acts) act(span);
      span.setStatus(status).end(endTime);
    },
  };
}
