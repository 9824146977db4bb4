import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

/** How many tests of a step passed, failed, were skipped. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  quiet: boolean,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.once('error', (error) => {
      output += error.message;
      resolve(1);
    });
    child.once('exit', (code) => {
      if (code !== 0 && quiet) console.log(output.trimEnd());
      resolve(code ?? 1);
    });
  });
}

const bin = (name: string) => `node_modules/.bin/${name}`;

/** One thing that passes or fails as a whole: its name, a program of `node_modules/.bin`, what it is told. */
export type Check = readonly [name: string, program: string, args: readonly string[]];

async function check([name, program, args]: Check): Promise<Tally> {
  const started = performance.now();
  const code = await run(bin(program), args, { ...process.env, NO_COLOR: '1' }, true);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** Runs checks, two at a time; prints the output of those that fail. */
export async function checks(all: readonly Check[]): Promise<Tally[]> {
  const tallies: Tally[] = [];
  const waiting = all.values();
  const work = async () => {
    for (const next of waiting) tallies.push(await check(next));
  };
  await Promise.all([work(), work()]);
  return tallies;
}

/** Runs a test runner that writes a JSON report to `report`; `read` takes the tally out of it. */
export async function suite(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  report: string,
  read: (json: unknown) => Tally,
): Promise<Tally> {
  rmSync(report, { force: true });
  const code = await run(bin(program), args, { ...process.env, ...env }, false);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const tally = read(JSON.parse(readFileSync(report, 'utf8')));
  // A runner that failed for another reason than a test, such as a file that cannot be loaded.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

export function total(tallies: readonly Tally[]): Tally {
  const sum = (key: keyof Tally) => tallies.reduce((n, tally) => n + tally[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}
