// Every text that `patterns.ts` or `text.ts` would change contains one of these signs. Each repetition is bounded: the
// whole is linear in the text.

/**
 * `name=value` and whatever is encoded; the quote or brace of JSON; IPv6; an e-mail address, but not Safari's
 * `shoot@https://...`; a t.me link; a JWT; credentials.
 */
const SIGN =
  /[=%\\]|["']\s?:|:(?:\s?["'{]|:|\w{1,4}:\w{1,4}:\w)|@[^\s.:@/]{1,63}\.|\.me\/|eyJ|(?:tma|bearer|basic)[\s+]/i;

/** A bot token; IPv4; a telephone number; a payment card. The hash in a file name is not one of them. */
const NUMBER = /\d{6}:|(?:\d{1,3}\.){3}\d|(?:\+\d|\b[78]|\()(?:[^\w.,:;+/]{0,3}\d){8}|\b[2-6](?:[ -]?\d){12}/;

/**
 * Returns `true` only if `scrubText` leaves the text as it is. Cheap: most messages and stacks are plain, and a page can
 * check them without loading the patterns. `false` says nothing.
 */
export function isPlain(text: string): boolean {
  // Most names, such as `ball_potted_3`: too short a number to be anybody's, and no sign.
  if (/^[a-z_]+\d{0,5}$/i.test(text)) return true;
  // The query and the fragment of a URL are private.
  return !SIGN.test(text) && !NUMBER.test(text) && !(/[?#]/.test(text) && text.includes('://'));
}
