export { type CarriedHeaders, extractTraceContext, injectTraceContext } from './carry';
export { GameTracer } from './GameTracer';
export { type HttpTracingOptions, httpTracing } from './httpTracing';
export { recordError } from './recordError';
export { setupTracing, type Tracing, type TracingOptions } from './setupTracing';
export type { SpanCounts } from './spanQueue';
export { createTracedFetch, type TracedFetchOptions, tracedFetch } from './tracedFetch';
export { traceFunction, withSpan } from './traceFunction';
