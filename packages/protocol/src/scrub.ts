import { FILTERED } from './scrubNames';
import { patterns } from './scrubPatterns';

/**
 * What makes a whole word private: Telegram's launch parameters and the fields of initData, plain or percent-encoded, and
 * an e-mail address. A file's name behind an `@` is none: Safari's stacks read `shoot@game.js:12:5`.
 */
const PRIVATE_WORD =
  /tgWebApp\w{1,20}[=%]|(?:auth_date|query_id|chat_instance|(?:first|last|user)_?name|photo_url|start_param)(?:=|%(?:25){0,9}(?:3d|22))|(?:\w|[^ -~])@[^\s.:@/]{1,63}\.(?!m?[jt]sx?\b)[^\s\d.:/]{2}/i;

/** The query and the fragment of a URL, and behind them the position that a line of a stack ends with. */
const QUERY = /^(?=.*:\/\/)([^?#]*)[?#].*?((?::\d{1,9}){0,2})$/;

/** A bot token, `123456789:AA…`, alone or in a `https://api.telegram.org/bot…` URL. */
const BOT_TOKEN = /\d{6,12}(?::|%3A)[\w-]{30,}/gi;

const JWT = /^eyJ[\w-]{8,}\.[\w-]{8,}/;

/** Words, numbers and paths, as most lines and the frames of a stack are, hold nothing private but for one of the second. */
const PLAIN = /^[\w\s./,:!?()Ѐ-ӿ-]*$/;
const SUSPECT = /\d[\d \xa0().-]{5}\d|\d{6}:|::|(?::\w{1,4}){3}|\.me\/|eyJ|\?\S|(?:tma|bearer|basic)\s/i;

/** The signs that a `%` or `\u` hides, however often they were encoded; no letters, digits, `%` and backslashes. */
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

/** Where something goes, its neighbour may come to stand alone: looks again, but not for ever. */
function settle(text: string, passes: number): string {
  const once = scrubOnce(text);
  const plain = once.replace(ENCODED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const clean = plain === once ? once : scrubOnce(plain);
  const found = clean === plain ? once : clean;
  return found === text || passes === 0 ? found : settle(found, passes - 1);
}

/**
 * Takes out of a text what must not leave the page: Telegram launch data, bot tokens, `Authorization` credentials,
 * JWTs, values under private names, e-mail addresses, telephone and card numbers, IP addresses, what follows
 * `t.me/`, and the query and fragment of URLs; each of them plain, in JSON, percent-encoded or with `\u` escapes. Where
 * only decoding brings one to light, the text comes back decoded. Linear in the text, idempotent, and leaves ordinary
 * words alone.
 */
export function scrubText(text: string): string {
  return PLAIN.test(text) && !SUSPECT.test(text) ? text : settle(text, 4);
}
