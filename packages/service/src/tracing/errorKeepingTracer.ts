import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Span,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import type { FailedTraces } from './failedTraces';
import type { HeadSampling } from './headSampling';
import { HeldSpan } from './heldSpan';
import type { SpanOrder } from './spanOrder';
import { traceIds } from './traceIds';

export interface ErrorKeepingOptions {
  readonly order: SpanOrder;
  readonly isSampled: HeadSampling;
  /** Takes the spans that are not sampled; without it these are not recorded. */
  readonly failed: Pick<FailedTraces, 'start' | 'end'> | undefined;
}

/**
 * Puts the decision of the sampling before a tracer of the SDK: what is sampled is the SDK's span from the start, and what
 * is not, which is most of all, a held one, which costs a fraction of it.
 */
export class ErrorKeepingTracer implements Tracer {
  readonly #tracer: Tracer;
  readonly #order: SpanOrder;
  readonly #isSampled: HeadSampling;
  readonly #failed: ErrorKeepingOptions['failed'];
  readonly #ended: (span: HeldSpan) => void;

  constructor(tracer: Tracer, { order, isSampled, failed }: ErrorKeepingOptions) {
    this.#tracer = tracer;
    this.#order = order;
    this.#isSampled = isSampled;
    this.#failed = failed;
    this.#ended = (span) => failed?.end(span);
  }

  startSpan(name: string, options: SpanOptions = {}, within: Context = context.active()): Span {
    if (isTracingSuppressed(within)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    const above = options.root ? undefined : trace.getSpan(within)?.spanContext();
    const parent = above && isSpanContextValid(above) ? above : undefined;
    const traceId = parent?.traceId ?? traceIds.generateTraceId();
    const isSampled = this.#isSampled(traceId, parent);
    const spanContext = {
      traceId,
      spanId: traceIds.generateSpanId(),
      traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      ...(parent?.traceState ? { traceState: parent.traceState } : {}),
    };
    if (isSampled) return this.#order.make(this.#tracer, name, options, within, spanContext);
    if (!this.#failed) return trace.wrapSpanContext(spanContext);
    const held = new HeldSpan(name, options, { spanContext, parent, tracer: this.#tracer }, this.#ended);
    this.#failed.start(held);
    return held;
  }

  startActiveSpan<F extends (span: Span) => ReturnType<F>>(
    name: string,
    ...args: [run: F] | [options: SpanOptions, run: F] | [options: SpanOptions, within: Context, run: F]
  ): ReturnType<F> {
    const [options, within, run] =
      args.length === 1
        ? [undefined, undefined, args[0]]
        : args.length === 2
          ? [args[0], undefined, args[1]]
          : args;
    const above = within ?? context.active();
    const span = this.startSpan(name, options, above);
    return context.with(trace.setSpan(above, span), run, undefined, span);
  }
}
