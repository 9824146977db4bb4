export interface OriginRules {
  readonly origins: readonly string[];
  readonly environment: 'development' | 'production';
}

/** What a request's `Origin` comes to. Only of `cross` may anything be echoed. */
export type OriginVerdict =
  | { readonly kind: 'none' }
  | { readonly kind: 'same' }
  | { readonly kind: 'cross'; readonly origin: string }
  | { readonly kind: 'refused' };

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A game's players come from one page, and to one host. Over this all are forgotten. */
const MAX_PARSED = 500;
const MAX_LENGTH = 256;
const parsed = new Map<string, URL | undefined>();

function parse(url: string): URL | undefined {
  const known = parsed.get(url);
  if (known !== undefined || parsed.has(url)) return known;
  const fresh = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed.size >= MAX_PARSED) parsed.clear();
  if (url.length <= MAX_LENGTH) parsed.set(url, fresh);
  return fresh;
}

/**
 * Judges an `Origin` header beside the `Host` header. Without one the sender is no browser page, or its GET is
 * same-origin. A proxy that keeps `Host`, as the Mini App's own server does, makes a page same-origin. `null`, which
 * any sandboxed frame can send, is refused.
 */
export function judgeOrigin(
  origin: string | undefined,
  host: string | undefined,
  { origins, environment }: OriginRules,
): OriginVerdict {
  if (origin === undefined) return { kind: 'none' };
  const url = parse(origin);
  if (url === undefined || url.origin !== origin || !/^https?:$/.test(url.protocol))
    return { kind: 'refused' };
  if (host !== undefined && parse(`${url.protocol}//${host}`)?.host === url.host) return { kind: 'same' };
  if (origins.includes(origin)) return { kind: 'cross', origin };
  if (environment === 'development' && LOOPBACK.has(url.hostname)) return { kind: 'cross', origin };
  return { kind: 'refused' };
}

/** The headers that the verdict puts on an answer, errors too: a page must be able to read `Retry-After` of a 503. */
export function originHeaders(verdict: OriginVerdict): Readonly<Record<string, string>> {
  // Always: a cache must not hand one origin the answer that another one got.
  if (verdict.kind !== 'cross') return { Vary: 'Origin' };
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': verdict.origin,
    // sendBeacon sends its request with credentials, whether there are any or not.
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': 'Retry-After, Date',
  };
}

export const preflightHeaders: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers': 'authorization, content-type, content-encoding',
  // Two hours, the most that Chromium keeps one.
  'Access-Control-Max-Age': '7200',
};
