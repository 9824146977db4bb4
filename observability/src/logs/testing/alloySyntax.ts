/** An expression of Alloy's configuration language, as far as it can be read without running it. */
export type AlloyValue =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'array'; readonly items: readonly AlloyValue[] }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, AlloyValue> }
  | { readonly kind: 'reference'; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly path: readonly string[]; readonly args: readonly AlloyValue[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly sides: readonly [AlloyValue, AlloyValue] };

export interface AlloyBlock {
  readonly name: string;
  readonly label: string | undefined;
  readonly attributes: ReadonlyMap<string, AlloyValue>;
  /** In the order of the file, which matters for stages. */
  readonly blocks: readonly AlloyBlock[];
  readonly line: number;
}

interface Token {
  readonly kind: 'identifier' | 'string' | 'number' | 'punctuation' | 'line' | 'end';
  readonly text: string;
  readonly line: number;
}

const TOKEN =
  /(?<space>[ \t\r]+)|(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<line>\n)|(?<identifier>[\p{L}_][\p{L}\p{Nd}_]*)|(?<number>\d+(?:\.\d+)?)|(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<punctuation>==|!=|<=|>=|&&|\|\||[{}[\]().,=<>+\-*/%!])/uy;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) throw new Error(`line ${line}: cannot read ${JSON.stringify(text.slice(at, at + 20))}`);
    const [kind = 'space', found = ''] =
      Object.entries(groups).find(([, value]) => value !== undefined) ?? [];
    if (kind === 'identifier' || kind === 'string' || kind === 'number' || kind === 'punctuation') {
      tokens.push({ kind, text: found, line });
    }
    if (kind === 'line') tokens.push({ kind, text: found, line });
    line += found.split('\n').length - 1;
  }
  return [...tokens, { kind: 'end', text: '', line }];
}

/** What a string of Go's kind means; raw ones stand in backticks. */
function unquote({ text, line }: Token): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch {
    throw new Error(`line ${line}: ${text} has an escape that is none`);
  }
}

const OPERATORS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];

/**
 * Reads a file in Alloy's syntax: attributes and blocks, one a line, in bodies of braces. Throws an error that names the line.
 * https://grafana.com/docs/alloy/latest/get-started/configuration-syntax/
 */
export function parseAlloy(text: string): readonly AlloyBlock[] {
  const tokens = tokenize(text);
  let at = 0;
  /** Line breaks end an attribute; within brackets they are nothing. */
  let depth = 0;

  const peek = (): Token => {
    while (depth > 0 && tokens[at]?.kind === 'line') at++;
    return tokens[at] ?? { kind: 'end', text: '', line: 0 };
  };
  const fail = (expected: string): Error =>
    new Error(`line ${peek().line}: expected ${expected}, got ${JSON.stringify(peek().text)}`);
  const next = (): Token => {
    const token = peek();
    at++;
    return token;
  };
  const is = (punctuation: string): boolean => peek().kind === 'punctuation' && peek().text === punctuation;
  const take = (punctuation: string): boolean => {
    if (!is(punctuation)) return false;
    at++;
    return true;
  };
  const expect = (punctuation: string): void => {
    if (!take(punctuation)) throw fail(punctuation);
  };
  const identifier = (): string => {
    if (peek().kind !== 'identifier') throw fail('an identifier');
    return next().text;
  };
  const within = <T>(close: string, read: () => T): T[] => {
    const items: T[] = [];
    depth++;
    while (!is(close)) {
      items.push(read());
      if (!take(',') && !is(close)) throw fail(`, or ${close}`);
    }
    // What follows the closing bracket counts line breaks again.
    depth--;
    at++;
    return items;
  };

  const primary = (): AlloyValue => {
    const token = peek();
    if (token.kind === 'string') return { kind: 'literal', value: unquote(next()) };
    if (token.kind === 'number') return { kind: 'literal', value: Number(next().text) };
    if (take('[')) return { kind: 'array', items: within(']', expression) };
    if (take('{')) return { kind: 'object', fields: new Map(within('}', field)) };
    if (take('(')) {
      const [inner, ...others] = within(')', expression);
      if (!inner || others.length > 0) throw fail('one expression in parentheses');
      return inner;
    }
    const first = identifier();
    if (first === 'true' || first === 'false') return { kind: 'literal', value: first === 'true' };
    if (first === 'null') return { kind: 'literal', value: null };
    const path = [first];
    while (take('.')) path.push(identifier());
    return take('(') ? { kind: 'call', path, args: within(')', expression) } : { kind: 'reference', path };
  };
  const field = (): [string, AlloyValue] => {
    const name = peek().kind === 'string' ? unquote(next()) : identifier();
    expect('=');
    return [name, expression()];
  };
  const operation = (level: number): AlloyValue => {
    const operators = OPERATORS[level];
    if (!operators) return primary();
    let left = operation(level + 1);
    while (peek().kind === 'punctuation' && operators.includes(peek().text)) {
      const operator = next().text;
      left = { kind: 'binary', operator, sides: [left, operation(level + 1)] };
    }
    return left;
  };
  const expression = (): AlloyValue => operation(0);

  const body = (close: string | undefined): Pick<AlloyBlock, 'attributes' | 'blocks'> => {
    const attributes = new Map<string, AlloyValue>();
    const blocks: AlloyBlock[] = [];
    for (;;) {
      while (peek().kind === 'line') at++;
      if (close === undefined ? peek().kind === 'end' : take(close)) return { attributes, blocks };
      const { line } = peek();
      const path = [identifier()];
      while (take('.')) path.push(identifier());
      const name = path.join('.');
      if (take('=')) {
        if (path.length > 1) throw new Error(`line ${line}: ${name} is no name of an attribute`);
        if (attributes.has(name)) throw new Error(`line ${line}: ${name} is set twice`);
        attributes.set(name, expression());
      } else {
        const label = peek().kind === 'string' ? unquote(next()) : undefined;
        expect('{');
        blocks.push({ name, label, line, ...body('}') });
      }
      if (peek().kind !== 'line' && peek().kind !== 'end' && !is('}')) throw fail('the end of the line');
    }
  };

  const { attributes, blocks } = body(undefined);
  const [stray] = attributes.keys();
  if (stray !== undefined) throw new Error(`${stray}: attributes have no place outside of blocks`);
  return blocks;
}

/** What an attribute comes to with these variables of the environment; component references are not known here. */
export function evaluateAlloy(value: AlloyValue, env: Readonly<Record<string, string>>): unknown {
  const own = (one: AlloyValue) => evaluateAlloy(one, env);
  switch (value.kind) {
    case 'literal':
      return value.value;
    case 'array':
      return value.items.map(own);
    case 'object':
      return Object.fromEntries([...value.fields].map(([name, one]) => [name, own(one)]));
    case 'reference':
      return value.path.join('.');
    case 'binary': {
      const [left, right] = value.sides.map(own);
      if (value.operator === '!=') return left !== right;
      if (value.operator === '==') return left === right;
      throw new Error(`${value.operator} is not evaluated here`);
    }
    case 'call': {
      const args = value.args.map(own);
      const name = value.path.join('.');
      if (name === 'sys.env') return env[String(args[0])] ?? '';
      if (name === 'coalesce') return args.find((one) => one !== '' && one !== null) ?? args.at(-1);
      throw new Error(`${name} is no function that is known here`);
    }
  }
}
