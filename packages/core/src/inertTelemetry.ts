import type { Span, Telemetry } from './telemetry';

const nothing = () => {};
const settled = () => Promise.resolve();
const traceId = '0'.repeat(32);
const spanId = '0'.repeat(16);

const span: Span = {
  traceId,
  spanId,
  traceparent: `00-${traceId}-${spanId}-00`,
  setAttribute: () => span,
  end: nothing,
};

/** Returns a client that does nothing: for server rendering, and before `initTelemetry`. */
export function inertTelemetry(): Telemetry {
  return {
    trackUserAction: nothing,
    trackPageLoad: nothing,
    trackApiCall: nothing,
    trackGameEvent: nothing,
    trackError: nothing,
    count: nothing,
    observe: nothing,
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    startSpan: () => span,
    setUser: nothing,
    setPage: nothing,
    setConsent: nothing,
    flush: settled,
    flushAndClose: settled,
    stats: () => ({
      emitted: 0,
      acknowledged: 0,
      pending: 0,
      dropped: {},
      adopted: 0,
      outbox: { batches: 0, bytes: 0 },
      storage: 'memory',
      consent: 'denied',
      sampled: false,
    }),
    shutdown: settled,
  };
}
