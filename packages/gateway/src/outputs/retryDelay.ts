/** Ms before the first retry at the most, and before any. */
const BASE_MS = 1_000;
const CAP_MS = 60_000;
/** The longest Retry-After that is obeyed. */
const LONGEST_MS = 600_000;

/**
 * Ms to wait after `attempt` failures in a row (1, 2, …): exponential with full jitter, so that the outputs of many
 * gateways do not come back to a restarted end at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelay(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt - 1, 10)));
}

/** Ms that a `Retry-After` header asks for, in seconds or as a date (RFC 9110, 10.2.3); 0 when it asks for nothing. */
export function retryAfter(header: string | null, now: number): number {
  if (!header) return 0;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return ms > 0 ? Math.min(ms, LONGEST_MS) : 0;
}
