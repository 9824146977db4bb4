/** A text with U+FFFD in place of each lone surrogate: half a character is no UTF-8, and ends refuse the request for it. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}
