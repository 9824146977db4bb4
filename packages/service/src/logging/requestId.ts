import { randomUUID } from 'node:crypto';
import { scrubText } from '@artel/telemetry-protocol/scrub';

const WELL_FORMED = /^[\w-][\w.-]{7,63}$/;

/**
 * The id of a request: the caller's own from `x-request-id` when it is 8 to 64 letters, digits, `-`, `_` and `.` and looks
 * like no secret, else a new one.
 */
export function requestIdFrom(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && WELL_FORMED.test(header) && scrubText(header) === header
    ? header
    : randomUUID();
}
