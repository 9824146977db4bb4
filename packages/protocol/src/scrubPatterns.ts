import { FILTERED, PRIVATE_NAMES } from './scrubNames';

/** What to look for, and what to put there in its place. */
type Pattern = readonly [pattern: RegExp, replacement: (all: string, ...groups: string[]) => string];

// Each pattern begins behind a boundary or with a literal, and each repetition is bounded or takes what it takes for
// good: the whole is linear in the text. A leading run, such as `[\w.]+@`, would be quadratic on a long run. No
// lookbehind: Safari before 16.4 cannot even parse one.

/** Keeps what stands before: a boundary, or what tells what was there. */
const behind = (_: string, before = ''): string => before + FILTERED;

/** By Luhn's sum, in which every second digit from the end counts double. */
function cutCard(all: string, before = '', number = ''): string {
  const digits = number.replace(/\D/g, '');
  let sum = 0;
  for (let at = digits.length, double = 1; at--; double = 3 - double)
    sum += (Number(digits[at]) * double * 1.1) | 0;
  return sum % 10 ? all : behind(all, before);
}

/** In the order in which they are applied to the whole text; what stands in one word alone has its place in `scrub.ts`. */
export const patterns: readonly Pattern[] = [
  // Telegram's user, receiver and chat as JSON, plain or escaped: title and id have no name that would give them away.
  [/\b((?:user|receiver|chat)[\\"]{0,9}\s?[=:]\s?)\{\s{0,9}[\\"]{1,9}id\b[^{}]*\}?/g, behind],
  // A scheme and its credentials; short ones only where the header's name stands before them, in whatever brackets.
  [
    /\b((authorization\W{1,12})?(?:tma|bearer|basic)(?:[\s+]|%20){1,4})([^\s"'\\]+)/gi,
    (all, head = '', header = '', value = '') => (header || value.length > 15 ? head + FILTERED : all),
  ],
  // A private name and its value: JSON, plain or escaped, what a console prints of an object, `name=value`.
  [
    new RegExp(
      `\\b((?:${PRIVATE_NAMES})(?:\\\\{0,7}["']\\s?[:=]|\\s?=(?!=)|\\s?:(?=\\s?["']))\\s{0,4})(?:(\\\\{0,7}["'])[^\\\\"']*(?:(?!\\2)(?:\\\\+["']?|["'])[^\\\\"']*)*(?:\\2|$)|[^\\s"'&,;{}()<>\\\\]+)`,
      'gi',
    ),
    (_, head = '', quote = '') => head + quote + FILTERED + quote,
  ],
  // Telephone: international with its plus; Russian from 8 or 7, or from the code in brackets.
  [
    /(^|[^\w+.-])(?:\+[1-9](?:[^\w.,:;+/]{0,2}\d){8,14}|(?:[78](?:[\s(-]{1,2}[3-9]|9)|\([3-9])\d\d\)?(?:[^\w.,:;+/]{0,2}\d){7})(?!\w|\.\d)/g,
    behind,
  ],
  // Payment card, solid or in its groups.
  [
    /(^|[^\w+.-])([2-6]\d{3}(?:([ -])(?:\d{4}\3\d{4}\3\d{1,7}|\d{6}\3\d{5})|\d{9,15}))(?!\w|-\d|\.\d)/g,
    cutCard,
  ],
  // An IPv4 address that no `v`, `-` or `/` before it marks as a version. Loopback is nobody's.
  [/(^|\/\/|[^\w./-])(?!127\.|0\.)(?:(?:2[0-5]|1?\d)?\d\.){3}(?:2[0-5]|1?\d)?\d(?![\w-]|\.\d)/g, behind],
  // IPv6: eight groups, or `::` between groups of which one has a digit, as C++ and Rust have none.
  [
    /(^|[^\w:.])(?:(?:[\da-f]{1,4}:){7}[\da-f]{1,4}|(?=[\da-f:]{0,30}\d)(?:[\da-f]{1,4}:){1,6}(?::[\da-f]{1,4}){1,6})(?![\w:])/gi,
    behind,
  ],
  // A person's link, an invoice, a picture of somebody.
  [/\b(t\.me\/)[^\s"'<>()`]+/gi, behind],
];
