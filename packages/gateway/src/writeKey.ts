import type { IncomingHttpHeaders } from 'node:http';

/** The public write key of a request: of its body, or of `X-Artel-Key`, as a backend may rather send it. */
export function writeKeyOf(headers: IncomingHttpHeaders, inBody: string | undefined): string | undefined {
  const header = headers['x-artel-key'];
  if (typeof header !== 'string') return inBody;
  // Two keys that differ are none.
  return inBody === undefined || inBody === header ? header : '';
}
