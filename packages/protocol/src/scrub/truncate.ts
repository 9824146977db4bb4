/**
 * Shortens `text` to at most `max` UTF-16 units (`max` is 1 or more). A shortened text ends with an ellipsis, and is
 * never cut inside a surrogate pair.
 */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  // The first half of a pair is 0xd800 to 0xdbff.
  const end = text.charCodeAt(max - 2) >> 10 === 0x36 ? max - 2 : max - 1;
  return `${text.slice(0, end)}\u2026`;
}
