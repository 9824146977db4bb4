import { FILTERED, isPlain, truncate } from '@artel/telemetry-protocol';

/** UTF-16 units that every text may have, however short it was: the lowest limit of any text. */
const ROOM = 64;

/**
 * Removes private data from a text that leaves the window. The result is no longer than the text was, so it stays within
 * its limit; only a short text may grow, since `[Filtered]` may be longer. The patterns come with the chunk that is loaded
 * after the start. Until then a text that is not plainly harmless is filtered as a whole, so nothing private leaves even if
 * the chunk never arrives.
 */
export interface Scrubber {
  (text: string): string;
  /** The full scrubber, once it is loaded. */
  full: ((text: string) => string) | undefined;
}

/** Names, pages and the like that come again and again. */
const REMEMBERED = 200;

export function createScrubber(): Scrubber {
  const plain = new Set<string>();
  const scrub: Scrubber = Object.assign(
    (text: string) => {
      if (plain.has(text)) return text;
      if (!isPlain(text)) return truncate(scrub.full?.(text) ?? FILTERED, Math.max(text.length, ROOM));
      if (plain.size > REMEMBERED) plain.clear();
      if (text.length < ROOM) plain.add(text);
      return text;
    },
    { full: undefined },
  );
  return scrub;
}
