/** A text as the rules read it: decoded, folded and in lower case. */
export interface NormalText {
  /** Decoded, with each run of whitespace as one space. A line break at its beginning, or a percent-encoded one, is `;`. */
  readonly flat: string;
  /** `flat` without SQL's comments, and with `+` as a space where it stands for one. */
  readonly sql: string;
  /** Whether dots or slashes were percent-encoded when it came. */
  readonly hidPath: boolean;
  /** Whether it held a NUL, which ends a file name in C. */
  readonly hasNul: boolean;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  tab: '\t',
  newline: '\n',
  colon: ':',
  lpar: '(',
  rpar: ')',
  sol: '/',
  nbsp: ' ',
};

const ENTITY =
  /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos|tab|newline|colon|lpar|rpar|sol|nbsp)(?![a-z]));?/gi;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSEEN = /[\0-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+/;
const NOT_ASCII = /[^ -~\s]/;

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function decodePercent(text: string): string {
  return (
    text
      // Overlong UTF-8 of `/`, `\` and `.`, which lenient servers took for them: https://www.rfc-editor.org/rfc/rfc3629#section-10
      .replace(/%c0%af/gi, '/')
      .replace(/%c1%9c/gi, '\\')
      .replace(/%c0%ae/gi, '.')
      .replace(/%0[ad]/gi, ';')
      .replace(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
  );
}

function decodeEscapes(text: string): string {
  if (!/[&\\]/.test(text)) return text;
  return text
    .replace(ENTITY, (_, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return character(Number.parseInt(hex, 16));
      if (decimal !== undefined) return character(Number(decimal));
      return ENTITIES[(name ?? '').toLowerCase()] ?? '';
    })
    .replace(/\\(?:u([\da-f]{4})|x([\da-f]{2}))/gi, (_, long?: string, short?: string) =>
      character(Number.parseInt(long ?? short ?? '', 16)),
    );
}

function flatten(text: string): string {
  return (/[^\S ]| {2}/.test(text) ? text.replace(/\s+/g, ' ') : text).trim();
}

function withoutSqlComments(flat: string): string {
  const spaced =
    !flat.includes(' ') && flat.includes('+') && !flat.includes('://') ? flat.replaceAll('+', ' ') : flat;
  if (!spaced.includes('/*')) return spaced.trim();
  const bare = spaced
    .replaceAll('/**/', ' ')
    // MySQL runs what stands in `/*!50000 … */`: https://dev.mysql.com/doc/refman/8.4/en/comments.html
    .replace(/\/\*!\d{0,6}([^*]{0,200})\*\//g, ' $1 ')
    .replace(/\/\*[^*]{0,200}\*\//g, ' ');
  return flatten(bare);
}

/**
 * Undoes what hides an attack: percent-encoding (up to twice beyond what the framework has decoded), HTML entities, `\u`
 * escapes, compatibility forms of letters (NFKC), invisible characters, case, and SQL's comments. Never throws.
 */
export function normalise(raw: string): NormalText {
  let text = raw;
  for (let round = 0; round < 2 && /%[\da-f]{2}/i.test(text); round++) text = decodePercent(text);
  const unescaped = decodeEscapes(text);
  const decoded = (NOT_ASCII.test(unescaped) ? unescaped.normalize('NFKC') : unescaped).toLowerCase();
  const begun = decoded.replace(/^\s*[\r\n]\s*/, ';');
  const visible = UNSEEN.test(begun) ? begun.replace(new RegExp(UNSEEN, 'g'), '') : begun;
  const flat = flatten(visible);
  return {
    flat,
    sql: withoutSqlComments(flat),
    hidPath: /%(?:25)?(?:2e|2f|5c|c0|c1)/i.test(raw),
    hasNul: decoded.includes('\0'),
  };
}
