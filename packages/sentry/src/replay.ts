// A separate module, so that a bundler puts the recorder (a good third of Sentry) into a chunk of its own.
import { scrubText } from '@artel/telemetry-protocol/scrub';
import { replayIntegration } from '@sentry/react';
import { isBridgeBreadcrumb } from './filterNoise';
import type { ReplaySelectors } from './options';
import { scrubTree } from './scrubTree';

type Replay = ReturnType<typeof replayIntegration>;

/** Attributes that may contain names of players. */
const MASKED_ATTRIBUTES = ['title', 'placeholder', 'aria-label', 'aria-description', 'alt', 'value'];

/**
 * Elements that are never recorded. Eruda, the console with which Mini Apps are debugged, shows requests with their
 * headers, and the storage. Its panel lies in a shadow tree, which a block on the host does not cover: hence its
 * classes and those of its parts. The recorder does not count a background picture as media, and the avatars of
 * Telegram's users lie under `/i/userpic/`. A link to a player or an invoice has either in its address.
 */
const BLOCKED = [
  '#eruda',
  '[class*="eruda-"]',
  '[class*="luna-"]',
  '[style*="userpic" i]',
  'a[href*="t.me/" i]',
  'a[href^="tg:" i]',
];

interface RecordedEvent {
  readonly type: number;
  readonly data: object;
}

/** rrweb's type of event that contains `location.href`. https://github.com/rrweb-io/rrweb/blob/master/docs/recipes/dive-into-event.md */
const META = 4;

/** Returns a recorded event whose address has neither query nor fragment. */
export function scrubAddress<T extends RecordedEvent>(event: T): T {
  const { data } = event;
  if (event.type !== META || !('href' in data) || typeof data.href !== 'string') return event;
  return { ...event, data: { ...data, href: scrubText(data.href) } };
}

/**
 * Removes query and fragment from the addresses in a recording. Sentry's own hook does not get them
 * (https://github.com/getsentry/sentry-javascript/issues/9871); a plugin of rrweb, the recorder beneath it, does.
 * Returns whether this release of Sentry still accepts such a plugin.
 */
export function scrubAddresses(replay: Replay): boolean {
  const options: unknown = Reflect.get(replay, '_recordingOptions');
  if (typeof options !== 'object' || options === null) return false;
  return Reflect.set(options, 'plugins', [{ name: 'artel/scrub-addresses', eventProcessor: scrubAddress }]);
}

/**
 * Makes the recorder: text masked, media blocked, request bodies left out, breadcrumbs and spans scrubbed. A table drawn
 * as SVG is blocked like any picture; a game shows it by `unblock` and `unmask`, or by the classes `sentry-unblock` and
 * `sentry-unmask`. A canvas is never recorded.
 */
export function createReplay(selectors: ReplaySelectors = {}): Replay {
  const { mask = [], unmask = [], block = [], unblock = [], ignore = [] } = selectors;
  const replay = replayIntegration({
    maskAllText: true,
    maskAllInputs: true,
    blockAllMedia: true,
    maskAttributes: MASKED_ATTRIBUTES,
    mask: [...mask],
    unmask: [...unmask],
    block: [...BLOCKED, ...block],
    unblock: [...unblock],
    ignore: [...ignore],
    networkDetailAllowUrls: [],
    networkCaptureBodies: false,
    beforeAddRecordingEvent: (event) => {
      const { tag, payload } = event.data;
      return tag === 'breadcrumb' && isBridgeBreadcrumb(payload) ? null : scrubTree(event);
    },
  });
  scrubAddresses(replay);
  return replay;
}
