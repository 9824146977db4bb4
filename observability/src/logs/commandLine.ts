import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Asked, findQuestion, ParameterError, parametersOf } from './askQuestion';
import { questions } from './questions';
import { readDuration } from './readRange';
import type { AnswerFormat } from './showAnswers';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a command was called with. */
export interface CommandLine {
  readonly command: string;
  readonly rest: readonly string[];
  /** By the names that `--help` shows, without their dashes. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** A command line that does not do; the message says what does. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const parameterNames = [
  ...new Set(Object.keys(questions).flatMap((name) => Object.keys(parametersOf(findQuestion(name))))),
];

const known = {
  data: text,
  keep: text,
  'max-bytes': text,
  collect: { type: 'string', multiple: true },
  once: flag,
  host: text,
  port: text,
  'token-file': text,
  since: text,
  from: text,
  to: text,
  limit: text,
  format: text,
  help: flag,
  ...Object.fromEntries(
    parameterNames.map((name) => [kebab(name), { type: 'string', multiple: true }] as const),
  ),
} as const;

/** Reads the arguments of `artel-logs`. Throws a `UsageError`. */
export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true });
    const [command = 'help', ...rest] = positionals;
    return { command: values.help ? 'help' : command, rest, options: values };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** One text of an option, or `undefined` where it was not given. */
export function optionText({ options }: CommandLine, name: string): string | undefined {
  const value = options[name];
  const [first, ...others] = Array.isArray(value) ? value : [value];
  if (others.length > 0) throw new UsageError(`--${name}: expected it once`);
  return typeof first === 'string' ? first : undefined;
}

export function optionTexts({ options }: CommandLine, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value : [];
}

/** The parameters of a question that were given. */
export function readAsked(line: CommandLine): Asked {
  const given = parameterNames.map((name) => [name, optionTexts(line, kebab(name))] as const);
  return Object.fromEntries(
    given
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => {
        const [first] = values;
        return [name, values.length === 1 ? first : values] as const;
      }),
  );
}

const UNITS: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

function readBytes(given: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,6})(KiB|MiB|GiB)$/.exec(given) ?? [];
  const bytes = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (bytes >= 2 ** 16 && bytes <= 2 ** 40) return bytes;
  throw new UsageError(
    `--max-bytes: expected 64KiB to 1024GiB, such as 512MiB, got ${JSON.stringify(given)}`,
  );
}

/** Where the lines are, how long and how many: `ARTEL_LOGS_DATA` (`.data/logs`), a week, 1 GiB. */
export function readStoreOptions(line: CommandLine, env: Environment) {
  return {
    folder: optionText(line, 'data') ?? (env['ARTEL_LOGS_DATA'] || '.data/logs'),
    keepMs: readDuration('--keep', optionText(line, 'keep') ?? '7d'),
    maxBytes: readBytes(optionText(line, 'max-bytes') ?? '1GiB'),
  };
}

export function readFormat(line: CommandLine): AnswerFormat {
  const format = optionText(line, 'format') ?? 'text';
  if (format === 'text' || format === 'json') return format;
  throw new UsageError(`--format: expected text or json, got ${JSON.stringify(format)}`);
}

/** Labels of the lines that this process reads, where they do not say it themselves. */
export function readLabels(line: CommandLine, job: string): Readonly<Record<string, string>> {
  const environment = optionText(line, 'environment');
  const service = optionText(line, 'service');
  return {
    job,
    ...(environment === undefined ? {} : { environment }),
    ...(service === undefined ? {} : { service, service_name: service }),
  };
}

function readToken(line: CommandLine, env: Environment): string | undefined {
  const file = optionText(line, 'token-file');
  const token = file === undefined ? env['ARTEL_LOGS_TOKEN'] || undefined : readFileSync(file, 'utf8').trim();
  if (token === undefined || token.length >= 16) return token;
  throw new UsageError(`the token has ${token.length} characters, and must have at least 16`);
}

/** Where to listen: 127.0.0.1:3110, and no other address without a token. Throws a `UsageError`. */
export function readListener(line: CommandLine, env: Environment) {
  const host = optionText(line, 'host') ?? '127.0.0.1';
  const given = optionText(line, 'port') ?? '3110';
  const port = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError(`--port: expected 0 to 65535, got ${JSON.stringify(given)}`);
  const token = readToken(line, env);
  if (token === undefined && !/^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host)) {
    throw new UsageError(`--host ${host}: expected loopback, or a token in ARTEL_LOGS_TOKEN or --token-file`);
  }
  return { host, port, token };
}

/** Errors whose message is for whoever called, and needs no stack. */
export function isUsage(error: unknown): boolean {
  return error instanceof UsageError || error instanceof ParameterError;
}
