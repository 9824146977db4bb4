import { type Span, type SpanOptions, trace } from '@opentelemetry/api';
import { recordError } from './recordError';

const SCOPE = '@artel/telemetry-service';

/** Runs `work` within a span that ends with it: with the promise that it answers, or when it returns or throws. */
export function withSpan<T>(name: string, options: SpanOptions, work: (span: Span) => T): T {
  return trace.getTracer(SCOPE).startActiveSpan(name, options, (span) => {
    const fail = (error: unknown): void => {
      span.setAttribute('function.result', 'error');
      recordError(span, error);
      span.end();
    };
    const succeed = (): void => {
      span.setAttribute('function.result', 'success');
      span.end();
    };
    let result: T;
    try {
      result = work(span);
    } catch (error) {
      fail(error);
      throw error;
    }
    // The caller gets the very promise of the work; a rejection stays the caller's to handle.
    if (result instanceof Promise) result.then(succeed, fail);
    else succeed();
    return result;
  });
}

/**
 * Wraps a function, synchronous or not, so that each call is a span named `name`: with `function.name`,
 * `function.result` (`success` or `error`), and the error it throws. The wrapper has the function's own type, name,
 * length and `this`.
 *
 * @typeParam F The type of the function.
 */
export function traceFunction<F extends (...args: never[]) => unknown>(name: string, fn: F): F {
  const options: SpanOptions = { attributes: { 'function.name': fn.name || name } };
  return new Proxy(fn, {
    apply: (target, self: unknown, args) =>
      withSpan(name, options, (): unknown => Reflect.apply(target, self, args)),
  });
}
