import { FILTERED } from './names';
import { patterns } from './patterns';
import { isPlain } from './plain';

// A new pattern here, or in `patterns.ts`, needs its sign in `plain.ts`.

/**
 * Makes a whole word private: Telegram's launch parameters and the fields of initData, plain or percent-encoded, and an
 * e-mail address. A file name after `@` is not an address: Safari's stacks contain `shoot@game.js:12:5`.
 */
const PRIVATE_WORD =
  /tgWebApp\w{1,20}[=%]|(?:auth_date|query_id|chat_instance|(?:first|last|user)_?name|photo_url|start_param)(?:=|%(?:25){0,9}(?:3d|22))|(?:\w|[^ -~])@[^\s.:@/]{1,63}\.(?!m?[jt]sx?\b)[^\s\d.:/]{2}/i;

/** The query and the fragment of a URL, and after them the position at the end of a stack line. */
const QUERY = /^(?=.*:\/\/)([^?#]*)[?#].*?((?::\d{1,9}){0,2})$/;

/** A bot token, `123456789:AA...`, alone or in a `https://api.telegram.org/bot...` URL. */
const BOT_TOKEN = /\d{6,12}(?::|%3A)[\w-]{30,}/gi;

const JWT = /^eyJ[\w-]{8,}\.[\w-]{8,}/;

/** A percent- or `\u`-encoded sign, however often encoded. Letters, digits, `%` and backslashes are left encoded. */
const ENCODED = /(?:%(?:25){0,9}|\\{1,8}u00)(2[0-46-9a-f]|3[a-f]|40|7[bd])/gi;

function cutJwt(run: string): string {
  const at = run.indexOf('eyJ');
  return at >= 0 && JWT.test(run.slice(at)) ? run.slice(0, at) + FILTERED : run;
}

function scrubToken(token: string): string {
  if (token.length < 7) return token;
  const cut = token.replace(QUERY, '$1$2');
  return PRIVATE_WORD.test(cut) ? FILTERED : cut.replace(BOT_TOKEN, FILTERED).replace(/[\w.-]{20,}/g, cutJwt);
}

function scrubOnce(text: string): string {
  return patterns
    .reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text)
    .replace(/[^\s"'<>()`]+/g, scrubToken);
}

/**
 * `scrubText` without its shortcut for plain texts. Removing one thing may leave its neighbour exposed, so it looks
 * again, up to `passes` times.
 */
export function scrubThoroughly(text: string, passes = 4): string {
  const once = scrubOnce(text);
  const decoded = once.replace(ENCODED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const clean = decoded === once ? once : scrubOnce(decoded);
  const found = clean === decoded ? once : clean;
  return found === text || passes === 0 ? found : scrubThoroughly(found, passes - 1);
}

/**
 * Removes from a text what must not leave the page: Telegram launch data, bot tokens, `Authorization` credentials, JWTs,
 * values of private names, e-mail addresses, telephone and card numbers, IP addresses, the path of a `t.me/` link, and
 * the query and fragment of URLs; each of them plain, in JSON, percent-encoded or with `\u` escapes. If only decoding
 * reveals one, the text is returned decoded. Linear in the text, idempotent, and leaves ordinary words alone.
 */
export function scrubText(text: string): string {
  return isPlain(text) ? text : scrubThoroughly(text);
}
