import { types } from 'node:util';
import { type Context, type Span, type SpanOptions, SpanStatusCode, trace } from '@opentelemetry/api';
import { errorTypeOf } from './networkError';

const TRACER = '@artel/telemetry-service';

/**
 * Starts a span. The tracer is asked for each time: the API is there twice, for `import` and for `require`, and a tracer that
 * one of them gave before the SDK was set up through the other stays without spans for ever.
 */
export function startSpan(name: string, options: SpanOptions, parent?: Context): Span {
  return trace.getTracer(TRACER).startSpan(name, options, parent);
}

/** Ends a span: without an error as it is, with one as failed, by the error's type alone. */
export function endSpan(span: Span, failure?: { readonly error: unknown }): void {
  if (failure) {
    span.setAttribute('error.type', errorTypeOf(failure.error));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/**
 * Runs a call and tells when it is over: a promise when it settles, anything else at once. Answers and throws what the call
 * does: the same values and errors.
 */
export function runWatched(
  run: () => unknown,
  over: (failure: { readonly error: unknown } | undefined, value?: unknown) => void,
): unknown {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    over({ error });
    throw error;
  }
  if (!types.isPromise(result)) {
    over(undefined, result);
    return result;
  }
  // The promise that follows, not the first one: a rejection that nobody handles must still be told of.
  return result.then(
    (value) => {
      over(undefined, value);
      return value;
    },
    (error: unknown) => {
      over({ error });
      throw error;
    },
  );
}
