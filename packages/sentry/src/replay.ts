// A module of its own, so that a bundler puts the recorder (a good third of Sentry) into a chunk of its own.
import { replayIntegration } from '@sentry/react';
import { isBridgeChatter } from './filterNoise';
import type { ReplaySelectors } from './options';
import { scrubAddresses } from './scrubAddresses';
import { scrubTree } from './scrubTree';

/** Where names of players stand, beside text: in tooltips, labels and fields. */
const MASKED_ATTRIBUTES = ['title', 'placeholder', 'aria-label', 'aria-description', 'alt', 'value'];

/**
 * What is left out whole. Eruda, the console that Mini Apps are debugged with, shows requests with their headers and the
 * storage; its panel lies in a shadow tree, into which a block on the host does not reach, hence its classes, and those
 * of the parts that it is made of. A background picture is no media to the recorder, and faces of Telegram's users lie
 * under `/i/userpic/`; and a link to a player or an invoice has either in its address.
 */
const BLOCKED = [
  '#eruda',
  '[class*="eruda-"]',
  '[class*="luna-"]',
  '[style*="userpic" i]',
  'a[href*="t.me/" i]',
  'a[href^="tg:" i]',
];

/**
 * Makes the recorder: text masked, media blocked, no bodies of requests, breadcrumbs and spans scrubbed. A game shows
 * its table, which is an SVG and thus blocked, by `unblock` and `unmask`, or by the classes `sentry-unblock` and
 * `sentry-unmask`; a canvas is never recorded.
 */
export function createReplay(selectors: ReplaySelectors = {}): ReturnType<typeof replayIntegration> {
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
      return tag === 'breadcrumb' && isBridgeChatter(payload) ? null : scrubTree(event);
    },
  });
  scrubAddresses(replay);
  return replay;
}
