import { type Context, context, propagation, ROOT_CONTEXT, type TextMapGetter } from '@opentelemetry/api';

/** Headers as HTTP and AMQP libraries have them: texts, buffers, lists. */
export type CarriedHeaders = Readonly<Record<string, unknown>>;

const getter: TextMapGetter<CarriedHeaders> = {
  keys: (headers) => Object.keys(headers),
  get(headers, key) {
    const value = headers[key];
    if (Buffer.isBuffer(value)) return value.toString('latin1');
    return typeof value === 'string' ? value : undefined;
  },
};

/**
 * Answers a copy of the headers with the running trace in W3C `traceparent` (and `tracestate`), for a RabbitMQ message or
 * an HTTP request; as they are where no trace runs.
 */
export function injectTraceContext<H extends CarriedHeaders>(
  headers: H,
): H & Partial<Record<string, string>> {
  const carried: Record<string, string> = {};
  propagation.inject(context.active(), carried);
  return { ...headers, ...carried };
}

/**
 * The context of a trace that came with the headers of a message or request, in which its work is to run:
 * `context.with(extractTraceContext(message.properties.headers), …)`. Without a valid `traceparent` it is the root context.
 */
export function extractTraceContext(headers: CarriedHeaders | undefined): Context {
  return propagation.extract(ROOT_CONTEXT, headers ?? {}, getter);
}
