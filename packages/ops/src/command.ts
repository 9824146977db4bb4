import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What commands take from around them. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Unix ms. */
  readonly now: () => number;
  /** Writes to standard output. */
  readonly print: (text: string) => void;
  /** Writes to standard error. */
  readonly complain: (text: string) => void;
  /** The gateway's program and its first arguments, where `--gateway` names no other. */
  readonly gateway: readonly string[];
}

/** The command line is wrong: an option or an operand that is unknown, missing or not what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

type Values<Own extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Own; allowPositionals: true }>
>['values'];

interface CommandParts<Own extends Options> {
  /** The words after `artel-ops`. */
  readonly name: string;
  /** What it does, for the list of all commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  readonly options: Own;
  /** The one argument that is not an option; none unless given. */
  readonly operand?: { readonly name: string; readonly required: boolean };
  /** Returns the exit code. */
  readonly run: (
    given: { readonly values: Values<Own>; readonly operand: string | undefined },
    around: Surroundings,
  ) => Promise<number> | number;
}

/** A command of `artel-ops`, whatever its options are. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  /** Names of its options, without the dashes. */
  readonly options: readonly string[];
  /** Runs it with the arguments after its name, and returns the exit code. Rejects with what went wrong. */
  run(args: readonly string[], around: Surroundings): Promise<number>;
}

/** `--a, --b or --help` */
function listed(options: readonly string[]): string {
  const names = options.map((name) => `--${name}`);
  return names.length === 0 ? 'only --help' : `${names.join(', ')} or --help`;
}

/** The one line that parseArgs should have said. */
function parseProblem(error: unknown, options: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, unknown] = /^Unknown option '([^']+)'/.exec(message) ?? [];
  if (unknown !== undefined) return `unknown option ${unknown}, expected ${listed(options)}`;
  return message.split('\n')[0] ?? message;
}

/** Makes a command from its parts. `--help` and `-h` need no other option and run nothing. */
export function defineCommand<const Own extends Options>(parts: CommandParts<Own>): Command {
  const { name, summary, help, operand, run } = parts;
  const options = Object.keys(parts.options);

  const read = (args: readonly string[]) => {
    try {
      return parseArgs({ args: [...args], options: parts.options, allowPositionals: true });
    } catch (error) {
      throw new UsageError(parseProblem(error, options));
    }
  };

  return {
    name,
    summary,
    help,
    options,
    async run(args, around) {
      if (args.includes('--help') || args.includes('-h')) {
        around.print(help);
        return 0;
      }
      const { values, positionals } = read(args);
      const extra = positionals.length - (operand ? 1 : 0);
      // Extra arguments are not repeated: one may be a player's id.
      if (extra > 0)
        throw new UsageError(
          `expected ${operand ? `${operand.name} and options` : 'only options'}, got ${extra} more ${extra === 1 ? 'argument' : 'arguments'}`,
        );
      const [first] = positionals;
      if (operand?.required && !first) throw new UsageError(`expected ${operand.name}, got nothing`);
      return run({ values, operand: first }, around);
    },
  };
}
