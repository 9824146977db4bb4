import { compile, type JSONValue, search } from '@jmespath-community/jmespath';
import type { LogEntry } from '../logEntry';
import { type AlloyBlock, evaluateAlloy } from './alloySyntax';
import { matchesSelector } from './logqlEngine';

type Env = Readonly<Record<string, string>>;

/** A line on its way through a pipeline. */
interface Underway {
  line: string;
  nanos: bigint;
  labels: Map<string, string>;
  metadata: Map<string, string>;
  extracted: Map<string, unknown>;
}

/** What came out: an entry, or the reason that the line was dropped for. */
export type Processed = { readonly entry: LogEntry } | { readonly dropped: string };

/** As Alloy makes a text of an extracted value; of null, lists and objects it makes none. */
function textOf(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

function argument(stage: AlloyBlock, name: string, env: Env): unknown {
  const value = stage.attributes.get(name);
  return value && evaluateAlloy(value, env);
}

function textArgument(stage: AlloyBlock, name: string, env: Env): string {
  return textOf(argument(stage, name, env)) ?? '';
}

function mapArgument(stage: AlloyBlock, name: string, env: Env): [string, string][] {
  const value = argument(stage, name, env);
  if (typeof value !== 'object' || value === null) throw new Error(`${stage.name}: ${name} is no map`);
  return Object.entries(value).map(([key, one]) => [key, String(one)]);
}

function listArgument(stage: AlloyBlock, name: string, env: Env): string[] {
  const value = argument(stage, name, env);
  return Array.isArray(value) ? value.map(String) : [];
}

function parseJson(line: string): JSONValue | undefined {
  try {
    const value: JSONValue = JSON.parse(line);
    return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The formats that our configuration names. */
function parseTime(format: string, text: string, now: bigint): bigint | undefined {
  if (format === 'UnixMs') return /^-?\d+$/.test(text) ? BigInt(text) * 1_000_000n : undefined;
  if (format === 'RFC3339Nano') {
    const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
    if (!match) return undefined;
    const ms = Date.parse(`${match[1]}${match[3]}`);
    return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
  }
  if (format === 'Jan _2 15:04:05') {
    const match = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)$/.exec(text);
    if (!match) return undefined;
    const [, month = '', ...rest] = match;
    const [day = 0, hour, minute, second] = rest.map(Number);
    const year = new Date(Number(now / 1_000_000n)).getUTCFullYear();
    return BigInt(Date.UTC(year, MONTHS.indexOf(month), day, hour, minute, second)) * 1_000_000n;
  }
  throw new Error(`${format} is no format that is known here`);
}

/** Go's syntax for named groups is older than JavaScript's; the rest of our expressions is alike in both. */
function goRegExp(expression: string): RegExp {
  return new RegExp(expression.replaceAll('(?P<', '(?<'));
}

function runStage(stage: AlloyBlock, underway: Underway, env: Env): string | undefined {
  const { labels, metadata, extracted } = underway;
  switch (stage.name) {
    case 'stage.json': {
      const data = parseJson(underway.line);
      if (data === undefined) return undefined;
      for (const [name, expression] of mapArgument(stage, 'expressions', env)) {
        compile(expression || name);
        extracted.set(name, search(data, expression || name));
      }
      return undefined;
    }
    case 'stage.regex': {
      const source = textArgument(stage, 'source', env);
      const input = source === '' ? underway.line : textOf(extracted.get(source));
      const groups =
        input === undefined
          ? undefined
          : goRegExp(textArgument(stage, 'expression', env)).exec(input)?.groups;
      // A group that took no part is the empty text in Go.
      for (const [name, value = ''] of Object.entries(groups ?? {})) extracted.set(name, value);
      return undefined;
    }
    case 'stage.cri': {
      const match = /^(\S+) (stdout|stderr) ([FP]) ?(.*)$/s.exec(underway.line);
      if (!match) return undefined;
      const [, time = '', stream = '', , content = ''] = match;
      underway.line = content;
      underway.nanos = parseTime('RFC3339Nano', time, underway.nanos) ?? underway.nanos;
      labels.set('stream', stream);
      return undefined;
    }
    case 'stage.labels': {
      for (const [name, source] of mapArgument(stage, 'values', env)) {
        const value = textOf(extracted.get(source || name));
        if (value !== undefined) labels.set(name, value);
      }
      return undefined;
    }
    case 'stage.label_drop': {
      for (const name of listArgument(stage, 'values', env)) labels.delete(name);
      return undefined;
    }
    case 'stage.structured_metadata': {
      for (const [name, source] of mapArgument(stage, 'values', env)) {
        const value = textOf(extracted.get(source || name));
        if (value !== undefined && metadata.has(name)) throw new Error(`${name} is there twice`);
        if (value !== undefined) metadata.set(name, value);
        if (labels.has(source || name)) throw new Error(`${name} would be there twice, of a label too`);
      }
      return undefined;
    }
    case 'stage.timestamp': {
      if (textArgument(stage, 'action_on_failure', env) !== 'skip') throw new Error('times would be made up');
      const text = textOf(extracted.get(textArgument(stage, 'source', env)));
      const formats = [textArgument(stage, 'format', env), ...listArgument(stage, 'fallback_formats', env)];
      const times = text === undefined ? [] : formats.map((one) => parseTime(one, text, underway.nanos));
      underway.nanos = times.find((time) => time !== undefined) ?? underway.nanos;
      return undefined;
    }
    case 'stage.match': {
      const isMatch = matchesSelector(
        textArgument(stage, 'selector', env),
        Object.fromEntries(labels),
        underway.line,
      );
      if (!isMatch) return undefined;
      if (textArgument(stage, 'action', env) === 'drop')
        return textArgument(stage, 'drop_counter_reason', env);
      return runStages(stage.blocks, underway, env);
    }
    default:
      throw new Error(`${stage.name} is no stage that is known here`);
  }
}

function runStages(stages: readonly AlloyBlock[], underway: Underway, env: Env): string | undefined {
  // Each pipeline, that of a match too, begins with the labels as extracted values.
  for (const [name, value] of underway.labels) underway.extracted.set(name, value);
  for (const stage of stages) {
    const dropped = runStage(stage, underway, env);
    if (dropped !== undefined) return dropped;
  }
  return undefined;
}

export interface AlloyLine {
  readonly line: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly nanos: bigint;
}

/**
 * Runs a line through a `loki.process` and those that it forwards to, as Alloy's source has it:
 * https://github.com/grafana/alloy/tree/main/internal/component/loki/process/stages
 */
export function processAlloyLine(
  blocks: readonly AlloyBlock[],
  name: string,
  { line, labels, nanos }: AlloyLine,
  env: Env,
): Processed {
  const block = blocks.find((one) => one.name === 'loki.process' && one.label === name);
  if (!block) throw new Error(`there is no loki.process ${name}`);
  const underway: Underway = {
    line,
    nanos,
    labels: new Map(Object.entries(labels)),
    metadata: new Map(),
    extracted: new Map(),
  };
  const dropped = runStages(block.blocks, underway, env);
  if (dropped !== undefined) return { dropped };
  const [next = ''] = listArgument(block, 'forward_to', env);
  const further = /^loki\.process\.(\w+)\.receiver$/.exec(next)?.[1];
  const result: AlloyLine = {
    line: underway.line,
    nanos: underway.nanos,
    labels: Object.fromEntries(underway.labels),
  };
  if (further !== undefined) return processAlloyLine(blocks, further, result, env);
  return { entry: { ...result, metadata: Object.fromEntries(underway.metadata) } };
}
