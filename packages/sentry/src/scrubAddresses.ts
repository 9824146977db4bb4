import { scrubText } from '@artel/telemetry-protocol/scrub';
import type { replayIntegration } from '@sentry/react';

interface RecordedEvent {
  readonly type: number;
  readonly data: object;
}

/** rrweb's kind of event that holds `location.href`. https://github.com/rrweb-io/rrweb/blob/master/docs/recipes/dive-into-event.md */
const META = 4;

/** Leaves of a recorded address what `scrubText` leaves: neither query nor fragment. */
export function scrubAddress<T extends RecordedEvent>(event: T): T {
  const { data } = event;
  if (event.type !== META || !('href' in data) || typeof data.href !== 'string') return event;
  return { ...event, data: { ...data, href: scrubText(data.href) } };
}

/**
 * Takes query and fragment out of the addresses that a recording holds. Sentry's own hook does not see them
 * (https://github.com/getsentry/sentry-javascript/issues/9871); a plugin of the recorder beneath it does. Answers
 * whether this release of Sentry still has the place to put one.
 */
export function scrubAddresses(replay: ReturnType<typeof replayIntegration>): boolean {
  const options: unknown = Reflect.get(replay, '_recordingOptions');
  if (typeof options !== 'object' || options === null) return false;
  return Reflect.set(options, 'plugins', [{ name: 'artel/scrub-addresses', eventProcessor: scrubAddress }]);
}
