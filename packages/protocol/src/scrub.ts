import type { Fields, Scalar } from './batch';
import { limits } from './limits';

/** What stands where a secret or a person's data stood. */
export const FILTERED = '[Filtered]';

// Every pattern below is tried at one place of a token or behind a literal, so that the whole is linear in the text:
// a pattern with a leading run, such as `[\w.]+@`, would be quadratic on a long run.

/** Names whose value is private whatever it is; in a name `_`, `-` and case do not count. */
const NAMES =
  'password|passwd|secret|token|authorization|cookie|initdata|initdataraw|hash|signature|queryid|startparam|firstname|lastname|username|photourl|phonenumber|email';

const PRIVATE_KEY = new RegExp(
  `^(?:x?apikey|key|auth|pwd|(?:access|refresh|session)token|setcookie|tgwebappdata|initdataunsafe|fullname|phone|card|cardnumber|cvv|${NAMES})$`,
);

/** The same names as they stand in JSON text, plain or escaped. */
const PRIVATE_JSON = /(\\*"(\w{4,14})\\*"\s{0,4}:\s{0,4})(?:\\+"[^"]*"|"[^"]*"|\d+)/g;

const PRIVATE_NAME = new RegExp(`^(?:${NAMES})$`);

/** A name without what does not count. */
function fold(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

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
      PRIVATE_NAME.test(fold(name)) ? `${head}"${FILTERED}"` : all,
    )
    .replace(CREDENTIALS, `$1 ${FILTERED}`)
    .replace(/[^\s"'<>()`]+/g, scrubToken);
}

/** Tells whether the value under `key` is private by its name alone (`token`, `initData`, `first_name`, …). */
export function isPrivateKey(key: string): boolean {
  return key.length < 20 && PRIVATE_KEY.test(fold(key));
}

/** Shortens `text` to `max` UTF-16 units, with `…` as the last where something was cut. */
export function truncate(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}

/** Truncates, scrubs, and truncates again: a text of any length costs no more than one of `max`. */
export function cleanText(text: string, max: number): string {
  return truncate(scrubText(truncate(text, max)), max);
}

function describe(value: unknown): Scalar | undefined {
  switch (typeof value) {
    case 'string':
      return cleanText(value, limits.fieldLength);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return cleanText(String(value), limits.fieldLength);
    case 'undefined':
    case 'function':
    case 'symbol':
      return undefined;
  }
  if (value === null) return null;
  if (value instanceof Error) return cleanText(`${value.name}: ${value.message}`, limits.fieldLength);
  return cleanText(toJson(value), limits.fieldLength);
}

/** JSON of a value with cycles, BigInts and throwing getters; private keys filtered; no deeper than 4. */
function toJson(value: unknown): string {
  let budget = 500;
  const copy = (from: unknown, depth: number): unknown => {
    if (typeof from === 'bigint') return String(from);
    if (typeof from === 'string') return truncate(from, limits.fieldLength);
    if (typeof from !== 'object' || from === null) return from;
    if (depth > 3 || budget <= 0) return '…';
    if (Array.isArray(from))
      return from.slice(0, budget).map((item) => (budget-- > 0 ? copy(item, depth + 1) : '…'));
    const to: Record<string, unknown> = {};
    for (const key of Object.keys(from)) {
      if (budget-- <= 0) break;
      to[key] = isPrivateKey(key) ? FILTERED : copy(read(from, key), depth + 1);
    }
    return to;
  };
  return JSON.stringify(copy(value, 0)) ?? '';
}

function read(from: object, key: string): unknown {
  try {
    return (from as Record<string, unknown>)[key];
  } catch {
    return '[unreadable]';
  }
}

/**
 * Makes flat, safe fields of whatever a caller passed: strings scrubbed and truncated, private keys filtered, nested
 * values as JSON, `undefined` and functions left out, at most `limits.fieldsPerRecord`. Never throws, whatever the
 * getters, proxies or cycles of `input` do.
 */
export function cleanFields(input: unknown): Fields {
  const fields: Record<string, Scalar> = {};
  if (typeof input !== 'object' || input === null) return fields;
  try {
    let count = 0;
    for (const key of Object.keys(input)) {
      const name = truncate(key, limits.labelNameLength);
      let value: Scalar | undefined;
      try {
        value = isPrivateKey(key) ? FILTERED : describe(read(input, key));
      } catch {
        value = '[unreadable]';
      }
      if (value === undefined || name === '__proto__') continue;
      if (++count > limits.fieldsPerRecord) break;
      fields[name] = value;
    }
  } catch {
    // A proxy that refuses its keys: what was read so far is all there is.
  }
  return fields;
}
