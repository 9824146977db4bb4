import { decodeEntities } from './htmlEntities';

/** What is read of a message in Telegram's HTML: its text, and where its links lead. */
export interface TelegramText {
  readonly text: string;
  readonly links: Readonly<Record<string, string>>;
}

const PLAIN_TAGS = new Set([
  ...['b', 'strong', 'i', 'em', 'u', 'ins', 's', 'strike', 'del', 'tg-spoiler', 'code', 'pre', 'blockquote'],
]);
const TOKEN = /<(\/?)([\w-]+)(?: href="([^"<>]*)")?>|&(#\d+|#x[\da-f]+|\w+);|[^<>&]+|[<>&]/gi;

/**
 * Reads a message as the Bot API does with `parse_mode` HTML: the tags that it knows, all closed in their order, every other `<`, `>`
 * and `&` escaped. Throws an error as Telegram words it.
 *
 * https://core.telegram.org/bots/api#html-style
 */
export function readTelegramHtml(html: string): TelegramText {
  const open: { readonly tag: string; readonly href: string | undefined; readonly from: number }[] = [];
  const links: Record<string, string> = {};
  let text = '';
  for (const [token, slash, tag, href, entity] of html.matchAll(TOKEN)) {
    if (entity !== undefined) text += decodeEntities(token);
    else if (tag === undefined) {
      if (/[<>&]/.test(token)) throw new Error(`can't parse entities: "${token}" is not escaped`);
      text += token;
    } else if (slash) {
      const last = open.pop();
      if (last?.tag !== tag)
        throw new Error(`can't parse entities: </${tag}> closes ${last?.tag ?? 'nothing'}`);
      if (last.href !== undefined) links[text.slice(last.from)] = decodeEntities(last.href);
    } else {
      if (tag === 'a' ? !/^https?:\/\/\S+$/.test(href ?? '') : !PLAIN_TAGS.has(tag))
        throw new Error(`can't parse entities: unsupported start tag "${token}"`);
      open.push({ tag, href, from: text.length });
    }
  }
  const [unclosed] = open;
  if (unclosed) throw new Error(`can't parse entities: can't find end tag of ${unclosed.tag}`);
  return { text, links };
}
