/**
 * What every private text contains, whatever the pattern in `patterns.ts` or `text.ts` that finds it. In this order: a
 * sign of `name=value` or of an encoding; the quote or brace of JSON; an e-mail address (but not `shoot@https://...` in
 * Safari's stacks); a bot token; IPv6; a t.me link; a JWT; IPv4; a telephone or card number, which never begins inside a
 * word, so that the hash in a file name passes; credentials. Each repetition is bounded: the whole is linear in the text.
 */
const SUSPECT =
  /[=%\\]|["']\s?:|:\s?["'{]|@[^\s.:@/]{1,63}\.|\d{6}:|::|(?::\w{1,4}){3}|\.me\/|eyJ|(?:\d{1,3}\.){3}\d|(?:^|[^\w+.-])(?:(?:\+\d|[78(])(?:[^\w.,:;+/]{0,3}\d){8}|[2-6](?:[ -]?\d){12})|(?:tma|bearer|basic)[\s+]/i;

/**
 * Returns `true` only if `scrubText` leaves the text as it is. Cheap: most messages and stacks are plain, and a page can
 * check them without loading the patterns. `false` says nothing.
 */
export function isPlain(text: string): boolean {
  // Of a URL, the query and fragment are private.
  return !SUSPECT.test(text) && !(/[?#]/.test(text) && text.includes('://'));
}
