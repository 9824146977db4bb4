import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '@artel/test-support/programs/waitUntil';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

export interface Program {
  readonly process: ChildProcess;
  /** Where it listens, by its own word. */
  readonly url: string;
  /** Everything that it has written to its standard output. */
  output(): string;
  /** Resolves when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ProgramOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The file that its standard output goes to, as a supervisor would have it. */
  readonly log: string;
  readonly ready: RegExp;
}

/** Starts a Node program of this repository, and waits until it says where it listens. */
export async function startProgram({ args, env = {}, log, ready }: ProgramOptions): Promise<Program> {
  const descriptor = openSync(log, 'a');
  const child = spawn(process.execPath, [...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', descriptor, 'pipe'],
  });
  closeSync(descriptor);
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString('utf8');
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const output = () => readFileSync(log, 'utf8');
  await waitUntil(`${args[0]} ${ready} ${complaints}`, () => {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended: ${complaints}${output()}`);
    return ready.test(output());
  });
  const [, url = ''] = ready.exec(output()) ?? [];
  return {
    process: child,
    url,
    output,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

/** The arguments that run our command line as `npm run logs` does. */
export const logsCommand: readonly string[] = [
  '--import',
  import.meta.resolve('tsx'),
  fileURLToPath(new URL('../cli.ts', import.meta.url)),
];

export const gameService = `${root}apps/game-service/dist/cli.js`;
export const gateway = `${root}packages/gateway/dist/cli.js`;
