import { networkKey } from '@artel/telemetry-protocol/check';
import { cleanFields, cleanText } from '@artel/telemetry-protocol/scrub';
import type { KeyedHash } from './keyedHash';
import { type SecurityEvent, type SecurityRecord, usualSeverity } from './securityEvent';

const USER_AGENT_LENGTH = 200;
/** In characters, over all details. */
const DETAILS_BUDGET = 2_000;

/** Line breaks and marks of direction, which show a line of a log as another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const UNSEEN = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

function visible(text: string): string {
  return text.replace(UNSEEN, ' ');
}

function cleanDetails(details: SecurityEvent['details']): SecurityRecord['details'] {
  const fields = Object.entries(cleanFields(details ?? {}, DETAILS_BUDGET));
  return Object.fromEntries(
    fields.map(([key, value]) => [visible(key), typeof value === 'string' ? visible(value) : value]),
  );
}

/** Makes what may be written of what an app tells. */
export function toRecord(
  event: SecurityEvent,
  service: string,
  hash: KeyedHash,
  now: number,
): SecurityRecord {
  const { type, address, userId, userAgent, severity = usualSeverity[type] } = event;
  return {
    category: 'security',
    event_type: type,
    severity,
    service,
    timestamp: new Date(now).toISOString(),
    ...(address ? { address_hash: hash('address', networkKey(address)) } : {}),
    ...(userId ? { user_hash: hash('user', userId) } : {}),
    ...(userAgent ? { user_agent: visible(cleanText(userAgent, USER_AGENT_LENGTH)) } : {}),
    details: cleanDetails(event.details),
  };
}
