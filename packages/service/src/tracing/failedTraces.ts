import type { HeldSpan } from './heldSpan';
import type { SpanCounts } from './spanQueue';

export interface FailedTracesOptions {
  /** Takes the spans of a trace that failed. */
  readonly keep: (span: HeldSpan) => void;
  readonly counts: SpanCounts;
  /** Unsampled spans held at the most, of all traces together. */
  readonly maxSpans: number;
  readonly maxSpansPerTrace: number;
  /** How long the spans of a trace are held at the most, in ms. */
  readonly maxAge: number;
  readonly now: () => number;
}

/** Holds the unsampled spans of each trace until its local root ends, and keeps them if one of them failed. */
export interface FailedTraces {
  start(span: HeldSpan): void;
  end(span: HeldSpan): void;
  /** Spans held now. */
  readonly held: number;
}

interface Held {
  readonly spans: HeldSpan[];
  readonly since: number;
  /** Spans without a parent in this process that have not ended. */
  roots: number;
  hasFailed: boolean;
}

/** Traces that were kept lately: what ends after their root is kept too. */
const REMEMBERED = 1_000;

export function createFailedTraces(options: FailedTracesOptions): FailedTraces {
  const { keep, counts, maxSpans, maxSpansPerTrace, maxAge, now } = options;
  // In the order of their beginning: the first is the oldest.
  const traces = new Map<string, Held>();
  const kept = new Set<string>();
  let held = 0;
  let swept = now();

  const remember = (traceId: string): void => {
    kept.add(traceId);
    if (kept.size <= REMEMBERED) return;
    for (const oldest of kept) {
      kept.delete(oldest);
      break;
    }
  };

  const release = (traceId: string, trace: Held, reason?: 'heldOverflow' | 'heldExpired'): void => {
    traces.delete(traceId);
    held -= trace.spans.length;
    if (trace.hasFailed) {
      remember(traceId);
      for (const span of trace.spans) keep(span);
    } else if (reason) {
      counts.dropped[reason] += trace.spans.length;
    }
  };

  const releaseOldest = (reason: 'heldOverflow' | 'heldExpired', isDue: (trace: Held) => boolean): void => {
    for (const [traceId, trace] of traces) {
      if (!isDue(trace)) return;
      release(traceId, trace, reason);
    }
  };

  return {
    get held() {
      return held;
    },
    start(span) {
      if (!span.isLocalRoot) return;
      const time = now();
      // Now and then only: to find the first of a map, whose first ones go all the time, takes a walk over their places.
      if (time - swept > maxAge / 20) {
        swept = time;
        releaseOldest('heldExpired', ({ since }) => time - since > maxAge);
      }
      if (traces.size >= maxSpans) releaseOldest('heldOverflow', () => traces.size >= maxSpans);
      const { traceId } = span.spanContext();
      const known = traces.get(traceId);
      if (known) known.roots++;
      else traces.set(traceId, { spans: [], since: time, roots: 1, hasFailed: false });
    },
    end(span) {
      const { traceId } = span.spanContext();
      const { hasFailed } = span;
      const trace = traces.get(traceId);
      if (!trace) {
        // Its root has ended before it, or was given up.
        if (!hasFailed && !kept.has(traceId)) return;
        remember(traceId);
        keep(span);
        return;
      }
      trace.hasFailed ||= hasFailed;
      // A failed span always has a place: without it nobody would know why the trace was kept.
      if (trace.spans.length < maxSpansPerTrace || hasFailed) {
        trace.spans.push(span);
        held++;
      } else counts.dropped.heldOverflow++;
      if (span.isLocalRoot) trace.roots--;
      if (trace.roots === 0) release(traceId, trace);
      else if (held > maxSpans) releaseOldest('heldOverflow', () => held > maxSpans);
    },
  };
}
