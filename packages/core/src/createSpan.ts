import { limits, type SpanRecord } from '@artel/telemetry-protocol';
import { cleanFields, cleanText } from '@artel/telemetry-protocol/scrub';
import type { Clock } from './clock';
import { type Environment, randomHex } from './environment';
import type { Metadata, Span } from './telemetry';

/** Starts a span with new W3C ids; `onEnd` takes the record when it ends. */
export function createSpan(
  environment: Environment,
  { now }: Clock,
  name: string,
  attributes: Metadata | undefined,
  onEnd: (record: SpanRecord) => void,
): Span {
  const { performance } = environment;
  const traceId = randomHex(environment, 16);
  const spanId = randomHex(environment, 8);
  const start = now();
  const began = performance.now();
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
        duration: performance.now() - began,
        status,
        attributes: cleanFields({ ...cleanFields(attributes), ...extra }),
      });
    },
  };
  return span;
}
