import { cleanFields, cleanText, limits, type SpanRecord } from '@artel/telemetry-protocol';
import type { Environment } from './environment';
import type { Span } from './telemetry';

/** Starts a span with new W3C ids; `onEnd` takes the record when it ends. */
export function createSpan(
  name: string,
  attributes: unknown,
  environment: Pick<Environment, 'randomHex' | 'monotonic'>,
  now: () => number,
  onEnd: (record: SpanRecord) => void,
): Span {
  const traceId = environment.randomHex(16);
  const spanId = environment.randomHex(8);
  const start = now();
  const began = environment.monotonic();
  const extra: Record<string, unknown> = {};
  let ended = false;
  const span: Span = {
    traceId,
    spanId,
    traceparent: `00-${traceId}-${spanId}-01`,
    setAttribute(key, value) {
      extra[key] = value;
      return span;
    },
    end(status = 'ok') {
      if (ended) return;
      ended = true;
      onEnd({
        name: cleanText(String(name), limits.nameLength) || 'span',
        traceId,
        spanId,
        start,
        duration: Math.max(0, environment.monotonic() - began),
        status,
        attributes: { ...cleanFields(attributes), ...cleanFields(extra) },
      });
    },
  };
  return span;
}
