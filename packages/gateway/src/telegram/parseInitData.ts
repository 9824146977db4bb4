/** Telegram's is about 500 characters, and bounded by what a URL holds. */
const MAX_LENGTH = 8_192;
const MAX_FIELDS = 32;

const NAME = /^\w{1,64}$/;
/** What a URL's query may hold as it is, and escapes. */
const VALUE = /^(?:[\w.~!$'()*,;:@/?+-]|%[\dA-F]{2})*$/;
/** Escapes of what no encoder escapes: letters, digits, `-`, `.`, `_`. */
const NEEDLESS = /%(?:2D|2E|3\d|[46][1-9A-F]|5[\dAF]|7[\dA])/;

function holdsControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replaceAll('+', '%20'));
  } catch {
    return undefined;
  }
}

/**
 * The decoded fields of Telegram's initData, or `undefined` for what Telegram would not have written: a field twice, an
 * escape that need not be one, not upper-case or not UTF-8, a space written in both ways, no `=` or two. The signature
 * covers the decoded fields alone, so each of these would be a second spelling of the same launch. A control character
 * is refused too, for a line feed could make two fields of one.
 *
 * https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 */
export function parseInitData(initData: string): ReadonlyMap<string, string> | undefined {
  if (initData.length > MAX_LENGTH) return undefined;
  if (initData.includes('+') && initData.includes('%20')) return undefined;
  const pairs = initData.split('&', MAX_FIELDS + 1);
  if (pairs.length > MAX_FIELDS) return undefined;
  const fields = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, equals));
    const value = pair.slice(equals + 1);
    if (!NAME.test(name) || fields.has(name) || !VALUE.test(value) || NEEDLESS.test(value)) return undefined;
    const decoded = decode(value);
    if (decoded === undefined || holdsControl(decoded)) return undefined;
    fields.set(name, decoded);
  }
  return fields;
}
