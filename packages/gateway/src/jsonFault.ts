export interface JsonFault {
  /** Index of the first character that cannot stand where it stands; the text's length when the text ends too soon. */
  readonly position: number;
  readonly found: string;
}

type Expected = 'value' | 'name' | 'colon' | 'next';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

function matchAt(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : position;
}

/** Where the white space ends that may begin at `position`. No pattern: a megabyte of one-digit numbers asks half a million times. */
function skipSpace(text: string, position: number): number {
  let at = position;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return at;
    at++;
  }
}

/** The end of the string that begins at `position`, or where it goes wrong as a negative number, less one. */
function stringEnd(text: string, position: number): number {
  let at = position + 1;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char === '\\') {
      const end = matchAt(ESCAPE, text, at);
      if (end === at) return -at - 1;
      at = end;
    } else if (char !== undefined && char < ' ') {
      return -at - 1;
    } else {
      at++;
    }
  }
  return -at - 1;
}

/**
 * Finds where a text stops being JSON. Only for texts that `JSON.parse` refused: V8 often leaves the position out of
 * its message and puts the sender's text into it.
 */
export function jsonFault(text: string): JsonFault {
  const closers: string[] = [];
  let expects: Expected = 'value';
  // What may stand in its place: the end of an array or object that has only just begun.
  let orClose = '';
  let at = 0;
  const fault = (position: number): JsonFault => {
    const code = text.codePointAt(position);
    const found = code === undefined ? 'the end of the text' : JSON.stringify(String.fromCodePoint(code));
    return { position, found };
  };
  for (;;) {
    at = skipSpace(text, at);
    const char = text[at];
    if (char === undefined) return fault(at);
    if (expects === 'next') {
      const closer = closers.at(-1);
      if (char === closer) closers.pop();
      else if (char === ',' && closer !== undefined) expects = closer === '}' ? 'name' : 'value';
      else return fault(at);
      at++;
      continue;
    }
    if (char === orClose) {
      closers.pop();
      expects = 'next';
      orClose = '';
      at++;
      continue;
    }
    orClose = '';
    if (expects === 'colon') {
      if (char !== ':') return fault(at);
      expects = 'value';
      at++;
    } else if (char === '"') {
      const end = stringEnd(text, at);
      if (end < 0) return fault(-end - 1);
      expects = expects === 'name' ? 'colon' : 'next';
      at = end;
    } else if (expects === 'name') {
      return fault(at);
    } else if (char === '{' || char === '[') {
      orClose = char === '{' ? '}' : ']';
      closers.push(orClose);
      expects = char === '{' ? 'name' : 'value';
      at++;
    } else {
      const number = matchAt(NUMBER, text, at);
      const end = number > at ? number : matchAt(WORD, text, at);
      if (end === at) return fault(at);
      expects = 'next';
      at = end;
    }
  }
}
