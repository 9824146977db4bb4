/** Ms before the first retry, and the longest wait. */
const BASE = 1_000;
const CAP = 60_000;

/** Longest Retry-After that is obeyed, in ms: an hour. */
const LONGEST = 3_600_000;

/**
 * Returns the ms to wait after `failures` in a row (1, 2, …): exponential with full jitter, so that ten thousand clients
 * of a gateway that comes back do not come back at once. `random` is in [0, 1).
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoff(failures: number, random: number): number {
  return Math.round(random * Math.min(CAP, BASE * 2 ** (failures - 1)));
}

/**
 * Returns the ms that a `Retry-After` header asks for, in seconds or as a date (RFC 9110, 10.2.3); 0 when it asks for
 * nothing. A date is compared with the `Date` of the same answer, never with the device's clock.
 */
export function retryAfter({ headers }: Pick<Response, 'headers'>): number {
  const header = headers.get('retry-after') ?? '';
  const ms = Number(header) * 1_000 || Date.parse(header) - Date.parse(headers.get('date') ?? '');
  return ms > 0 ? Math.min(ms, LONGEST) : 0;
}
