import { version } from '../package.json';
import { accessCommand } from './access/accessCommand';
import { alertmanagerCommand } from './alertmanager/alertmanagerCommand';
import { backupCommands } from './backup/backupCommands';
import { type Command, type Surroundings, UsageError } from './command';
import { eraseCommand } from './erase/eraseCommand';
import { PolicyError } from './retention/readPolicies';
import { retentionCommands } from './retention/retentionCommands';
import { secretsCommand } from './secrets/secretsCommand';

const FAILED = 1;
const WRONG_USAGE = 2;

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  ...retentionCommands,
  eraseCommand,
  ...backupCommands,
  accessCommand,
  secretsCommand,
  alertmanagerCommand,
];

function list(some: readonly Command[]): string {
  const width = Math.max(...some.map(({ name }) => name.length));
  return some.map(({ name, summary }) => `  artel-ops ${name.padEnd(width)}  ${summary}\n`).join('');
}

const help = `artel-ops ${version}

Operates Artel Telemetry: retention, erasure, backups, access and secrets.

${list(commands)}
artel-ops COMMAND --help describes a command and its options.
Exit codes: 0 done, 1 failed or something is left to do, 2 wrong command line.
`;

const isHelp = (argument: string | undefined): boolean => argument === '--help' || argument === '-h';

/** Prints help or the version, or says what is wrong with a command line that names no command. */
function answerWithoutCommand([first, second]: readonly string[], { print, complain }: Surroundings): number {
  if (first === undefined || first === 'help' || isHelp(first)) {
    print(help);
    return 0;
  }
  if (first === '--version') {
    print(`${version}\n`);
    return 0;
  }
  if (first.startsWith('-')) {
    complain(`artel-ops: unknown option ${first}, expected --help, --version or a command\n`);
    return WRONG_USAGE;
  }
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length > 0 && (second === undefined || isHelp(second))) {
    print(list(group));
    return 0;
  }
  const [given, expected] = group.length > 0 ? [`${first} ${second}`, group] : [first, commands];
  const names = expected.map(({ name }) => name).join(', ');
  complain(`artel-ops: unknown command ${given}, expected one of ${names}\n`);
  return WRONG_USAGE;
}

/** What commands take from the process. */
const ofProcess: Surroundings = {
  environment: process.env,
  now: Date.now,
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
  gateway: ['artel-gateway'],
};

/**
 * Runs `artel-ops` with its arguments, and returns the exit code: 1 where the command failed or something is left to do, 2
 * where the command line is wrong. Never rejects: what went wrong is printed. What `given` leaves out is taken from the process.
 */
export async function runOps(args: readonly string[], given: Partial<Surroundings> = {}): Promise<number> {
  const around = { ...ofProcess, ...given };
  const command = commands.find(({ name }) => name.split(' ').every((word, at) => word === args[at]));
  if (!command) return answerWithoutCommand(args, around);
  try {
    return await command.run(args.slice(command.name.split(' ').length), around);
  } catch (error) {
    const problems =
      error instanceof PolicyError
        ? error.problems
        : [error instanceof Error ? error.message : String(error)];
    for (const problem of problems) around.complain(`artel-ops ${command.name}: ${problem}\n`);
    return error instanceof UsageError ? WRONG_USAGE : FAILED;
  }
}
