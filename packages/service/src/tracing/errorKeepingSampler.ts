import { type Context, isSpanContextValid, TraceFlags, trace } from '@opentelemetry/api';
import {
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';

export interface SamplerOptions {
  /** Share of traces that are sampled, from 0 to 1. */
  readonly ratio: number;
  /** Whether unsampled spans are recorded, so that they can be kept when their trace fails. */
  readonly keepErrors: boolean;
  /** Whether a remote caller's `sampled` flag is taken as it is, and not for its share of the ratio. */
  readonly trustParent: boolean;
}

/**
 * Samples a share of the traces by their id, so that services with one ratio agree without a word. A span follows its
 * local parent, and a remote parent that is not sampled. A remote parent that is sampled counts for the ratio only, unless
 * it is trusted: a page marks every one of its requests as sampled.
 */
export function createErrorKeepingSampler({ ratio, keepErrors, trustParent }: SamplerOptions): Sampler {
  const byId = new TraceIdRatioBasedSampler(ratio);
  const yes: SamplingResult = { decision: SamplingDecision.RECORD_AND_SAMPLED };
  const no: SamplingResult = { decision: keepErrors ? SamplingDecision.RECORD : SamplingDecision.NOT_RECORD };

  const isSampled = (context: Context, traceId: string): boolean => {
    const parent = trace.getSpanContext(context);
    const isKnown = parent !== undefined && isSpanContextValid(parent);
    const flag = isKnown && (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
    if (isKnown && (!flag || !parent.isRemote || trustParent)) return flag;
    return byId.shouldSample(context, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
  };

  return {
    shouldSample: (context, traceId) => (isSampled(context, traceId) ? yes : no),
    toString: () => `ErrorKeeping{ratio=${ratio},keepErrors=${keepErrors},trustParent=${trustParent}}`,
  };
}
