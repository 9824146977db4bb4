import { FILTERED, PRIVATE_NAMES } from './names';

/** What to find, and what to replace it with. */
type Pattern = readonly [pattern: RegExp, replacement: (all: string, ...groups: string[]) => string];

// Each pattern begins after a boundary or with a literal, and each repetition is bounded or never backtracks: the whole is
// linear in the text. A leading run, such as `[\w.]+@`, would be quadratic on a long run. No lookbehind: Safari before
// 16.4 cannot parse one. A new pattern needs its sign in `plain.ts`.

/** Keeps what precedes the secret: a boundary, or a label such as a name. */
const behind = (_: string, before = ''): string => before + FILTERED;

/** Filters only numbers that pass Luhn's check, in which every second digit from the end counts double. */
function cutCard(all: string, before = '', number = ''): string {
  const digits = number.replace(/\D/g, '');
  let sum = 0;
  for (let at = digits.length, double = 1; at--; double = 3 - double)
    sum += (Number(digits[at]) * double * 1.1) | 0;
  return sum % 10 ? all : behind(all, before);
}

/** Applied in this order to the whole text. `text.ts` has the patterns for single words. */
export const patterns: readonly Pattern[] = [
  // Telegram's user, receiver and chat as JSON, plain or escaped, because their title and id have no private name.
  [/\b((?:user|receiver|chat)[\\"]{0,9}\s?[=:]\s?)\{\s{0,9}[\\"]{1,9}id\b[^{}]*\}?/g, behind],
  // A scheme and its credentials; short credentials only after the header's name, in whatever brackets.
  [
    /\b((authorization\W{1,12})?(?:tma|bearer|basic)(?:[\s+]|%20){1,4})([^\s"'\\]+)/gi,
    (all, head = '', header = '', value = '') => (header || value.length > 15 ? head + FILTERED : all),
  ],
  // A private name and its value: in JSON, plain or escaped, in an object as a console prints it, in `name=value`.
  [
    new RegExp(
      `\\b((?:${PRIVATE_NAMES})(?:\\\\{0,7}["']\\s?[:=]|\\s?=(?!=)|\\s?:(?=\\s?["']))\\s{0,4})(?:(\\\\{0,7}["'])[^\\\\"']*(?:(?!\\2)(?:\\\\+["']?|["'])[^\\\\"']*)*(?:\\2|$)|[^\\s"'&,;{}()<>\\\\]+)`,
      'gi',
    ),
    (_, head = '', quote = '') => head + quote + FILTERED + quote,
  ],
  // Telephone numbers: international with a plus; Russian from 8 or 7, or from the code in brackets.
  [
    /(^|[^\w+.-])(?:\+[1-9](?:[^\w.,:;+/]{0,2}\d){8,14}|(?:[78](?:[\s(-]{1,2}[3-9]|9)|\([3-9])\d\d\)?(?:[^\w.,:;+/]{0,2}\d){7})(?!\w|\.\d)/g,
    behind,
  ],
  // Payment cards, with or without groups.
  [
    /(^|[^\w+.-])([2-6]\d{3}(?:([ -])(?:\d{4}\3\d{4}\3\d{1,7}|\d{6}\3\d{5})|\d{9,15}))(?!\w|-\d|\.\d)/g,
    cutCard,
  ],
  // IPv4, unless a `v`, `-` or `/` before it marks a version. Loopback addresses identify nobody.
  [/(^|\/\/|[^\w./-])(?!127\.|0\.)(?:(?:2[0-5]|1?\d)?\d\.){3}(?:2[0-5]|1?\d)?\d(?![\w-]|\.\d)/g, behind],
  // IPv6: eight groups, or `::` between groups of which one has a digit, unlike paths in C++ and Rust.
  [
    /(^|[^\w:.])(?:(?:[\da-f]{1,4}:){7}[\da-f]{1,4}|(?=[\da-f:]{0,30}\d)(?:[\da-f]{1,4}:){1,6}(?::[\da-f]{1,4}){1,6})(?![\w:])/gi,
    behind,
  ],
  // Links to people, invoices and profile pictures.
  [/\b(t\.me\/)[^\s"'<>()`]+/gi, behind],
];
