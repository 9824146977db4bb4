import { type Fields, limits, readFields, type SpanRecord, truncate } from '@artel/telemetry-protocol';
import type { Now } from '../page/clock';
import { attempt, type Environment, randomHex } from '../page/environment';
import type { Metadata, Span } from '../telemetry';
import { FIELDS } from './window';

interface SpanDeps {
  readonly environment: Environment;
  readonly now: Now;
  /** Returns the facts that go with every span. */
  readonly context: () => Fields;
  /** Returns whether the span will be sent, as it is decided now. */
  readonly isSampled: () => boolean;
  readonly name: unknown;
  readonly attributes: Metadata | undefined;
  /** Receives the record, when the span ends. */
  readonly onEnd: (makeRecord: () => SpanRecord) => void;
}

/** Starts a span with new W3C ids. Never throws, whatever its name is. */
export function startSpan(deps: SpanDeps): Span {
  const { environment, now, context, isSampled, name, attributes, onEnd } = deps;
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
    traceparent: `00-${traceId}-${spanId}-0${Number(isSampled())}`,
    setAttribute(key, value) {
      attempt(() => {
        extra[key] = value;
      });
      return span;
    },
    end(status) {
      if (ended) return;
      ended = true;
      const duration = performance.now() - began;
      onEnd(() => ({
        name: truncate(String(name), limits.nameLength) || 'span',
        traceId,
        spanId,
        start,
        duration,
        status: status === 'error' ? status : 'ok',
        attributes: readFields({ ...context(), ...readFields(attributes), ...extra }, FIELDS),
      }));
    },
  };
  return span;
}
