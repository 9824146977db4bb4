import { parser } from '@grafana/lezer-logql';
import type { SyntaxNode } from '@lezer/common';
import type { LogEntry } from '../logEntry';

/** The strings of a query by what they stand for; the grammar has checked it all before. */
interface Parsed {
  readonly text: string;
  readonly root: SyntaxNode;
}

/** Parses a query by the grammar that Grafana's editor has. Throws where it is none. */
export function parseLogql(text: string): Parsed {
  const root = parser.parse(text).topNode;
  const faults: string[] = [];
  root.cursor().iterate((node) => {
    if (node.type.isError) faults.push(`${text.slice(0, node.from)}<<<${text.slice(node.from)}`);
  });
  if (faults.length > 0) throw new Error(`no LogQL: ${faults[0]}`);
  return { text, root };
}

/** All nodes of a name below one, in the order of the text. */
function below(node: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  node.cursor().iterate((one) => {
    if (one.name === name) found.push(one.node);
  });
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"' };

/** What a string of Go means. Written apart from the one that makes them. */
function goString(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  return text
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-f]{4})|(.))/gis, (whole, hex: string | undefined, one: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      const meant = ESCAPES[one ?? ''];
      if (meant === undefined && one !== 'b' && one !== 'f') throw new Error(`${whole} is no escape of Go`);
      return meant ?? (one === 'b' ? '\b' : '\f');
    });
}

function anchored(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 's');
}

function compare(operator: string, value: string, wanted: string): boolean {
  switch (operator) {
    case '=':
    case '==':
      return value === wanted;
    case '!=':
      return value !== wanted;
    case '=~':
      return anchored(wanted).test(value);
    case '!~':
      return !anchored(wanted).test(value);
    default:
      throw new Error(`${operator} is no operator that is known here`);
  }
}

/** Name, operator and string of `name="value"`, whatever node it stands in. */
function readMatcher(text: string): readonly [name: string, operator: string, value: string] {
  const match = /^\s*(\w+)\s*(=~|!~|!=|==|=)\s*("(?:[^"\\]|\\.)*"|`[^`]*`)\s*$/s.exec(text);
  if (!match) throw new Error(`cannot read the matcher ${text}`);
  const [, name = '', operator = '', value = ''] = match;
  return [name, operator, goString(value)];
}

const source = ({ text }: Parsed, node: SyntaxNode): string => text.slice(node.from, node.to);

function matchesStream(parsed: Parsed, labels: Readonly<Record<string, string>>): boolean {
  const [selector] = below(parsed.root, 'Selector');
  const matchers = selector ? below(selector, 'Matcher') : [];
  return matchers.every((node) => {
    const [name, operator, wanted] = readMatcher(source(parsed, node));
    return compare(operator, labels[name] ?? '', wanted);
  });
}

function matchesLine(text: string, line: string): boolean {
  const match = /^\s*(\|=|!=|\|~|!~)\s*("(?:[^"\\]|\\.)*"|`[^`]*`)\s*$/s.exec(text);
  if (!match) throw new Error(`cannot read the line filter ${text}`);
  const [, operator, quoted = ''] = match;
  const wanted = goString(quoted);
  if (operator === '|=') return line.includes(wanted);
  if (operator === '!=') return !line.includes(wanted);
  const found = new RegExp(wanted).test(line);
  return operator === '|~' ? found : !found;
}

/** Whether a selector with line filters, as Alloy's `stage.match` has it, takes a line. */
export function matchesSelector(
  selector: string,
  labels: Readonly<Record<string, string>>,
  line: string,
): boolean {
  const parsed = parseLogql(selector);
  const filters = below(parsed.root, 'LineFilter').map((node) => source(parsed, node));
  return matchesStream(parsed, labels) && filters.every((filter) => matchesLine(filter, line));
}

interface State {
  line: string;
  /** What has been parsed stands before metadata, and that before the stream's labels. */
  readonly fields: Map<string, string>;
  error: string;
}

function flatten(
  value: object,
  prefix: string,
  labels: Readonly<Record<string, string>>,
  state: State,
): void {
  for (const [key, one] of Object.entries(value)) {
    const name = `${prefix}${key.replace(/[^a-zA-Z0-9_]/g, '_')}`;
    if (one === null || Array.isArray(one)) continue;
    if (typeof one === 'object') flatten(one, `${name}_`, labels, state);
    else state.fields.set(name in labels ? `${name}_extracted` : name, String(one));
  }
}

function parseStage(text: string, entry: LogEntry, state: State): void {
  let value: unknown;
  try {
    value = JSON.parse(state.line);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    state.error = 'JSONParserErr';
    return;
  }
  const expressions = [...text.matchAll(/(\w+)\s*=\s*"((?:[^"\\]|\\.)*)"/g)];
  if (expressions.length === 0) flatten(value, '', entry.labels, state);
  for (const [, name = '', path = ''] of expressions) {
    const one: unknown = Object.entries(value).find(([key]) => key === path)?.[1];
    const shown = typeof one === 'object' && one !== null ? JSON.stringify(one) : String(one ?? '');
    if (one !== undefined || !state.fields.has(name)) state.fields.set(name, shown);
  }
}

function filterStage(text: string, state: State): boolean {
  const number = /^\s*(\w+)\s*(>=|<=|>|<)\s*(-?[\d.e+-]+)\s*$/i.exec(text);
  if (!number) {
    const [name, operator, wanted] = readMatcher(text);
    const value = name === '__error__' ? state.error : (state.fields.get(name) ?? '');
    return compare(operator, value, wanted);
  }
  const [, name = '', operator, bound] = number;
  const value = state.fields.get(name);
  if (value === undefined) return false;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value)) {
    // It passes, and is marked.
    state.error ||= 'LabelFilterErr';
    return true;
  }
  const [left, right] = [Number(value), Number(bound)];
  if (operator === '>') return left > right;
  if (operator === '>=') return left >= right;
  return operator === '<' ? left < right : left <= right;
}

function format(template: string, { fields, line }: State): string {
  return template.replace(/\{\{([^}]*)\}\}/g, (_, expression: string) => {
    const [head = '', ...rest] = expression.trim().split(/\s+/);
    const values = (head === 'or' ? rest : [head]).map((word) =>
      word === '__line__' ? line : (fields.get(word.replace(/^\./, '')) ?? ''),
    );
    return values.find((value) => value !== '') ?? '';
  });
}

/**
 * What a log query makes of an entry: its line, or `undefined` where it is left out. Reads the query's own text by the
 * grammar, and knows nothing of the question behind it. As in Loki's source: a comparison lets a line without a number pass and marks it.
 * https://github.com/grafana/loki/tree/main/pkg/logql/log
 */
export function runLogql(query: string, entry: LogEntry): string | undefined {
  const parsed = parseLogql(query);
  if (!matchesStream(parsed, entry.labels)) return undefined;
  const state: State = {
    line: entry.line,
    fields: new Map([...Object.entries(entry.labels), ...Object.entries(entry.metadata)]),
    error: '',
  };
  for (const stage of below(parsed.root, 'PipelineStage')) {
    const text = source(parsed, stage);
    const kind =
      stage.firstChild?.name === 'Pipe' ? stage.firstChild.nextSibling?.name : stage.firstChild?.name;
    const content = text.replace(/^\|\s*/, '');
    if (kind === 'LineFilters') {
      const filters = below(stage, 'LineFilter').map((node) => source(parsed, node));
      if (!filters.every((filter) => matchesLine(filter, state.line))) return undefined;
    } else if (kind === 'LabelParser' || kind === 'JsonExpressionParser') {
      parseStage(content, entry, state);
    } else if (kind === 'LabelFilter') {
      if (!filterStage(content, state)) return undefined;
    } else if (kind === 'LineFormatExpr') {
      state.line = format(goString(content.replace(/^line_format\s*/, '')), state);
    } else if (kind === 'DropLabelsExpr') {
      state.error = '';
    } else {
      throw new Error(`${kind} is no stage that is known here: ${text}`);
    }
  }
  return state.line;
}
