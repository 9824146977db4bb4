import type { Fields, Scalar } from './batch';
import { limits } from './limits';

/** What stands where a secret or a person's data stood. */
export const FILTERED = '[Filtered]';

// Every pattern below is tried at one place of a token or behind a literal, so that the whole is linear in the text:
// a pattern with a leading run, such as `[\w.]+@`, would be quadratic on a long run.

/** Names whose value is private whatever it is; in a name `_`, `-` and case do not count. */
const PRIVATE_NAME =
  /^(?:password|passwd|pwd|secret|(?:access|refresh|session)?token|x?apikey|auth(?:orization)?|(?:set)?cookie|key|card|initdata(?:raw|unsafe)?|tgwebappdata|hash|signature|queryid|startparam|(?:first|last|full|user)name|photourl|phone(?:number)?|email|cardnumber|cvv)$/;

/** The same names as they stand in JSON text, plain or escaped. */
const PRIVATE_JSON = /(\\*"(\w{3,16})\\*"\s{0,4}:\s{0,4})(?:\\+"[^"]*"|"[^"]*"|\d+)/g;

const CREDENTIALS = /\b(tma|bearer|basic) {1,4}[^\s"']{16,}/gi;

/** Telegram's launch parameters and the fields of initData, plain or percent-encoded once or twice. */
const LAUNCH_DATA = /tgWebApp|(?:auth_date|query_id|chat_instance|first_name|start_param)(?:=|%3d|%253d)/i;

/** A bot token, `123456789:AA…`, alone or in a `https://api.telegram.org/bot…` URL. */
const BOT_TOKEN = /\d{6,12}(?::|%3A)[\w-]{30,}/i;

const JWT = /^eyJ[\w-]{8,}\.[\w-]{8,}/;

const DOMAIN = /^[a-z][\w-]{0,62}\.[a-z]{2}/i;

const POSITION = /(?::\d{1,9}){1,2}$/;

function holdsEmail(token: string): boolean {
  let at = token.indexOf('@', 1);
  while (at > 0) {
    if (/\w/.test(token.charAt(at - 1)) && DOMAIN.test(token.slice(at + 1, at + 80))) return true;
    at = token.indexOf('@', at + 1);
  }
  return false;
}

function cutUrl(token: string): string {
  const scheme = token.indexOf('://');
  if (scheme < 0) return token;
  const end = token.slice(scheme).search(/[?#]/);
  if (end < 0) return token;
  const position = POSITION.exec(token.slice(-24))?.[0] ?? '';
  return token.slice(0, scheme + end) + position;
}

function scrubToken(token: string): string {
  if (token.length < 7) return token;
  const cut = cutUrl(token);
  if (LAUNCH_DATA.test(cut) || holdsEmail(cut)) return FILTERED;
  const bare = BOT_TOKEN.test(cut) ? cut.replace(new RegExp(BOT_TOKEN, 'gi'), FILTERED) : cut;
  return bare.includes('eyJ') ? bare.replace(/[\w.-]+/g, (run) => (JWT.test(run) ? FILTERED : run)) : bare;
}

/**
 * Takes out of a text what must not leave the page: Telegram launch data (plain or percent-encoded), bot tokens,
 * `Authorization` credentials, JWTs, e-mail addresses, private values in JSON, and the query and fragment of URLs.
 * Linear in the text, idempotent, and leaves ordinary words alone.
 */
export function scrubText(text: string): string {
  // Nothing above fits into 32 characters of plain words and paths.
  if (text.length < 33 && /^[\w\s./,:!?-]*$/.test(text)) return text;
  return text
    .replace(PRIVATE_JSON, (all, head: string, name: string) =>
      isPrivateKey(name) ? `${head}"${FILTERED}"` : all,
    )
    .replace(CREDENTIALS, `$1 ${FILTERED}`)
    .replace(/[^\s"'<>()`]+/g, scrubToken);
}

/** Tells whether the value under `key` is private by its name alone (`token`, `initData`, `first_name`, …). */
export function isPrivateKey(key: string): boolean {
  return key.length < 20 && PRIVATE_NAME.test(key.toLowerCase().replace(/[_-]/g, ''));
}

/** Shortens `text` to `max` UTF-16 units, with `…` as the last where something was cut. */
export function truncate(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}

/** Truncates, scrubs, and truncates again: a text of any length costs no more than one of `max`. */
export function cleanText(text: string, max: number): string {
  return truncate(scrubText(truncate(text, max)), max);
}

/** A nested value as JSON, with private keys filtered; what is met again, and what is over the budget, is `…`. */
function flatten(value: object): string {
  const met = new WeakSet<object>();
  let budget = 500;
  return JSON.stringify(value, (key, inner: unknown) => {
    if (isPrivateKey(key)) return FILTERED;
    if (typeof inner === 'bigint') return String(inner);
    if (typeof inner === 'string') return truncate(inner, limits.fieldLength);
    if (typeof inner !== 'object' || inner === null) return inner;
    if (met.has(inner) || --budget < 0) return '…';
    met.add(inner);
    return Array.isArray(inner) ? inner.slice(0, budget) : inner;
  });
}

function describe(input: object, key: string, max: number): Scalar | undefined {
  try {
    const value = (input as Record<string, unknown>)[key];
    if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) return undefined;
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    const text =
      typeof value !== 'object'
        ? value
        : value instanceof Error
          ? `${value.name}: ${value.message}`
          : flatten(value);
    return cleanText(String(text), max);
  } catch {
    return '[unreadable]';
  }
}

/**
 * Makes flat, safe fields of whatever a caller passed: strings scrubbed and truncated, private keys filtered, nested
 * values as JSON, `undefined` and functions left out, at most `limits.fieldsPerRecord`, and no more once they have
 * come to `budget` characters. Never throws, whatever the getters, proxies or cycles of `input` do.
 */
export function cleanFields(input: unknown, budget = Number.POSITIVE_INFINITY): Fields {
  const fields: Record<string, Scalar> = {};
  let count = 0;
  let left = budget;
  try {
    // What is no object has no fields, and `null` no keys.
    for (const key of typeof input === 'object' ? Object.keys(input as object) : []) {
      const value = isPrivateKey(key)
        ? FILTERED
        : describe(input as object, key, Math.min(limits.fieldLength, left));
      if (value === undefined || key === '__proto__') continue;
      fields[truncate(key, limits.labelNameLength)] = value;
      left -= key.length + String(value).length;
      if (++count >= limits.fieldsPerRecord || left <= 0) break;
    }
  } catch {
    // A proxy that refuses its keys: what was read so far is all there is.
  }
  return fields;
}
