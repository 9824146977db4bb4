import { queryTypes } from '@artel/telemetry-protocol';
import { type SqlToken, sqlTokens } from './sqlTokens';

/** What may be told of a statement: nothing of its values. */
export interface SqlSummary {
  /** One of `queryTypes`, or `other`. */
  readonly queryType: string;
  /** The first table that it reads or writes, in lower case unless quoted, without `public.`; `none` where there is none. */
  readonly table: string;
  /** The statement with `?` in place of every literal, on one line, shortened. */
  readonly text: string;
}

const PARSED_LENGTH = 20_000;
const TEXT_LENGTH = 1_000;
const KEPT_SUMMARIES = 1_000;
const TABLE = /^[\p{L}_][\p{L}\p{N}_$.]{0,62}$/u;

const ALIASES: Readonly<Record<string, string>> = {
  START: 'BEGIN',
  END: 'COMMIT',
  ABORT: 'ROLLBACK',
  VALUES: 'SELECT',
  TABLE: 'SELECT',
};

const BEFORE_TABLE: Readonly<Record<string, ReadonlySet<string>>> = {
  SELECT: new Set(['FROM']),
  DELETE: new Set(['FROM']),
  INSERT: new Set(['INTO']),
  MERGE: new Set(['INTO']),
  UPDATE: new Set(['UPDATE']),
  COPY: new Set(['COPY']),
  TRUNCATE: new Set(['TRUNCATE']),
  CREATE: new Set(['TABLE']),
  ALTER: new Set(['TABLE']),
  DROP: new Set(['TABLE']),
};

const STATEMENTS = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']);
const NOT_A_NAME = new Set(['ONLY', 'LATERAL', 'IF', 'NOT', 'EXISTS', 'TABLE']);

const keywordOf = (token: SqlToken | undefined): string =>
  token?.kind === 'word' ? token.text.toUpperCase() : '';

/** A token with how many brackets it stands in, and whether a `SELECT` or `DELETE` stands before it in the innermost. */
interface Placed {
  readonly depth: number;
  readonly reads: boolean;
}

function place(tokens: readonly SqlToken[]): Placed[] {
  const reading = [false];
  return tokens.map((token) => {
    const word = keywordOf(token);
    if (token.text === '(') reading.push(false);
    if (word === 'SELECT' || word === 'DELETE') reading[reading.length - 1] = true;
    const placed = { depth: reading.length - 1, reads: reading.at(-1) ?? false };
    if (token.text === ')' && reading.length > 1) reading.pop();
    return placed;
  });
}

/** The statement itself: behind the opening brackets, and behind `WITH …`. */
function findVerb(tokens: readonly SqlToken[], places: readonly Placed[]): number {
  const first = tokens.findIndex(({ kind }) => kind === 'word');
  if (keywordOf(tokens[first]) !== 'WITH') return first;
  const depth = places[first]?.depth;
  return tokens.findIndex(
    (token, index) => index > first && places[index]?.depth === depth && STATEMENTS.has(keywordOf(token)),
  );
}

/** Names that `WITH` gives to its queries, which are no tables. */
function withNames(tokens: readonly SqlToken[]): ReadonlySet<string> {
  const names = tokens.flatMap((token, index) => {
    const isName = token.kind === 'word' || token.kind === 'quoted';
    const before = keywordOf(tokens[index - 1]);
    const follows = before === 'WITH' || before === 'RECURSIVE' || tokens[index - 1]?.text === ',';
    const isDefined = keywordOf(tokens[index + 1]) === 'AS' || tokens[index + 1]?.text === '(';
    return isName && follows && isDefined ? [nameText(token)] : [];
  });
  return new Set(keywordOf(tokens.find(({ kind }) => kind === 'word')) === 'WITH' ? names : []);
}

function nameText({ kind, text }: SqlToken): string {
  return kind === 'quoted' ? text.replace(/^"|"$/g, '').replaceAll('""', '"') : text.toLowerCase();
}

/** The name, with its schema, that stands at a place; nothing where a bracket or a function stands there. */
function nameAt(tokens: readonly SqlToken[], start: number, callable: boolean): string | undefined {
  let at = start;
  while (NOT_A_NAME.has(keywordOf(tokens[at]))) at++;
  const parts: string[] = [];
  for (;;) {
    const token = tokens[at];
    if (token?.kind !== 'word' && token?.kind !== 'quoted') return undefined;
    parts.push(nameText(token));
    if (tokens[at + 1]?.text !== '.') break;
    at += 2;
  }
  if (!callable && tokens[at + 1]?.text === '(') return undefined;
  return parts.join('.').replace(/^public\./, '');
}

function tableOf(tokens: readonly SqlToken[], places: readonly Placed[], verb: number, type: string): string {
  const before = BEFORE_TABLE[type];
  if (!before) return 'none';
  const notTables = withNames(tokens);
  const reads = before.has('FROM');
  const candidates = tokens.flatMap((token, index) => {
    const isMark = index >= (reads ? 0 : verb) && before.has(keywordOf(token));
    // `extract(epoch from x)` and `IS DISTINCT FROM x` name no table.
    if (!isMark || (reads && (!places[index]?.reads || keywordOf(tokens[index - 1]) === 'DISTINCT')))
      return [];
    const name = nameAt(tokens, index + 1, type === 'INSERT' || type === 'COPY' || type === 'CREATE');
    return name === undefined || notTables.has(name) ? [] : [{ name, depth: places[index]?.depth ?? 0 }];
  });
  const [outermost] = candidates.sort((a, b) => a.depth - b.depth);
  if (outermost === undefined) return 'none';
  return TABLE.test(outermost.name) ? outermost.name : 'other';
}

function plainText(tokens: readonly SqlToken[]): string {
  let text = '';
  for (const { kind, text: word } of tokens) {
    if (text.length > TEXT_LENGTH) break;
    const isTight = /^[,.)\];:]$/.test(word) || /[(.[:]$/.test(text);
    text += `${text === '' || isTight ? '' : ' '}${kind === 'literal' ? '?' : word}`;
  }
  return text.slice(0, TEXT_LENGTH);
}

function summarise(sql: string): SqlSummary {
  const tokens = sqlTokens(sql.slice(0, PARSED_LENGTH));
  const places = place(tokens);
  const verb = findVerb(tokens, places);
  const word = keywordOf(tokens[verb]);
  const named = ALIASES[word] ?? word;
  const queryType = queryTypes.includes(named) ? named : 'other';
  return { queryType, table: tableOf(tokens, places, verb, queryType), text: plainText(tokens) };
}

/** Makes a function that summarises SQL and remembers the statements of an app, which are few while its values are parameters. */
export function createSqlSummary(): (sql: string) => SqlSummary {
  const known = new Map<string, SqlSummary>();
  return (sql) => {
    const before = known.get(sql);
    if (before) return before;
    const summary = summarise(sql);
    if (sql.length > PARSED_LENGTH) return summary;
    const [oldest] = known.keys();
    if (known.size >= KEPT_SUMMARIES && oldest !== undefined) known.delete(oldest);
    known.set(sql, summary);
    return summary;
  };
}
