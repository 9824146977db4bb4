import { ROOT_CONTEXT, type SpanContext, TraceFlags } from '@opentelemetry/api';
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';

export interface HeadSamplingOptions {
  /** Share of traces that are sampled, from 0 to 1. */
  readonly ratio: number;
  /** Whether a remote caller's `sampled` flag is taken as it is, and not for its share of the ratio. */
  readonly trustParent: boolean;
}

/** Tells whether a span is sampled, by its trace and the valid span above it, if any. */
export type HeadSampling = (traceId: string, parent: SpanContext | undefined) => boolean;

/**
 * Samples a share of the traces by their id, so that services with one ratio agree without a word. A span follows its
 * local parent, and a remote parent that is not sampled. A remote parent that is sampled counts for the ratio only, unless
 * it is trusted: a page marks every one of its requests as sampled.
 */
export function createHeadSampling({ ratio, trustParent }: HeadSamplingOptions): HeadSampling {
  const byId = new TraceIdRatioBasedSampler(ratio);
  return (traceId, parent) => {
    const flag = parent !== undefined && (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
    if (parent && (!flag || !parent.isRemote || trustParent)) return flag;
    return byId.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
  };
}
