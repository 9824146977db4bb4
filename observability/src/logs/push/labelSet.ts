const NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
/** A string of Go in quotation marks, as Loki's clients write them. */
const VALUE = /"((?:[^"\\\n]|\\.)*)"/y;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

function unquote(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/g,
    (whole, byte?: string, short?: string, long?: string, octal?: string, single?: string) => {
      const hex = byte ?? short ?? long;
      const code = hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16);
      if (single === undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
      const meant = ESCAPES[single];
      if (meant === undefined) throw new Error(`no such escape: ${whole}`);
      return meant;
    },
  );
}

/** Reads labels as Loki's protobuf has them, `{app="billiards", level="info"}`. Throws an error that says where they end to be ones. */
export function readLabelSet(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let at = 0;
  const fail = (expected: string): Error =>
    new Error(`labels: expected ${expected} at ${at} of ${JSON.stringify(text.slice(0, 200))}`);
  const skip = (): void => {
    while (text[at] === ' ') at++;
  };
  const take = (character: string): boolean => {
    skip();
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const match = (pattern: RegExp, expected: string): RegExpExecArray => {
    skip();
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) throw fail(expected);
    at = pattern.lastIndex;
    return found;
  };
  if (!take('{')) throw fail('{');
  while (!take('}')) {
    const [name] = match(NAME, 'a name');
    if (!take('=')) throw fail('=');
    const [, value = ''] = match(VALUE, 'a quoted value');
    labels[name] = unquote(value);
    if (!take(',') && text[at] !== '}') throw fail(', or }');
  }
  skip();
  if (at < text.length) throw fail('the end');
  return labels;
}
