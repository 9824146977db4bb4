import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { recordError } from './recordError';

/** What {@link createTracedFetch} is told. */
export interface TracedFetchOptions {
  /** `globalThis.fetch` unless given. */
  readonly fetch?: typeof fetch;
  /** Tells which hosts are sent `traceparent`; all of them unless given. */
  readonly propagateTo?: (url: URL) => boolean;
}

function addressOf(input: string | URL | Request): URL | undefined {
  const text = input instanceof Request ? input.url : String(input);
  return URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * Makes a `fetch` whose requests are client spans, named by their method, and carry W3C `traceparent`. The span has the
 * host, the address without its query, and the status; it fails with 4xx, 5xx and errors. It ends with the answer's head.
 */
export function createTracedFetch(options: TracedFetchOptions = {}): typeof fetch {
  const { propagateTo = () => true } = options;
  return async (input, init) => {
    const send = options.fetch ?? globalThis.fetch;
    const url = addressOf(input);
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
    const span = trace.getTracer('@artel/telemetry-service').startSpan(method, {
      kind: SpanKind.CLIENT,
      attributes: {
        'http.request.method': method,
        ...(url
          ? {
              'server.address': url.hostname,
              'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
              'url.full': `${url.origin}${url.pathname}`,
            }
          : {}),
      },
    });
    const running = trace.setSpan(context.active(), span);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    if (url && propagateTo(url)) {
      propagation.inject(running, headers, { set: (to, key, value) => to.set(key, value) });
    }
    try {
      const response = await context.with(running, () => send(input, { ...init, headers }));
      span.setAttribute('http.response.status_code', response.status);
      if (response.status >= 400) {
        span.setAttribute('error.type', String(response.status));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      return response;
    } catch (error) {
      recordError(span, error);
      throw error;
    } finally {
      span.end();
    }
  };
}

/** {@link createTracedFetch} with its defaults. */
export const tracedFetch: typeof fetch = createTracedFetch();
