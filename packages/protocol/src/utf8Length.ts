/** Returns the length of `text` in UTF-8 bytes. A lone surrogate counts 3, like the replacement character it becomes. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  // Nearly every text is ASCII, and a pattern looks faster than the loop.
  if (!/[^\0-\x7f]/.test(text)) return bytes;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
    // A surrogate pair is 4 bytes in two units: the first has added 2, the second adds none.
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
  }
  return bytes;
}
