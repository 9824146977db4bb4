import { FILTERED, isPlain, truncate } from '@artel/telemetry-protocol';

/**
 * Removes private data from a text that leaves the window, and truncates it to `max` UTF-16 units. The patterns come
 * with the chunk that is loaded after the start; until then a text that is not plainly harmless is filtered as a whole,
 * so nothing private leaves even if the chunk never arrives.
 */
export interface Scrubber {
  (text: string, max: number): string;
  /** The full scrubber, once it is loaded. */
  full: ((text: string) => string) | undefined;
}

export function createScrubber(): Scrubber {
  const scrub: Scrubber = Object.assign(
    (text: string, max: number) => truncate(isPlain(text) ? text : (scrub.full?.(text) ?? FILTERED), max),
    { full: undefined },
  );
  return scrub;
}
