import { currentRequestContext } from '@artel/telemetry-service/logging';
import { injectTraceContext } from '@artel/telemetry-service/tracing';
import type { Carried } from './storage/storage';

/** Header of an event that names the request which it comes from. */
export const REQUEST_ID = 'x-request-id';

/** The running trace and request, for an event to carry. */
export function carryRequest(): Carried {
  const { requestId } = currentRequestContext();
  const carried = injectTraceContext(requestId === undefined ? {} : { [REQUEST_ID]: requestId });
  return Object.fromEntries(
    Object.entries(carried).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
