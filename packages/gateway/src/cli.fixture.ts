import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { fileOf, STEADY } from './gateway.fixture';

/** The built command: what these tests run is what people run. */
const cli = join(import.meta.dirname, '../dist/cli.js');

export interface Run {
  readonly child: ChildProcess;
  readonly url: string;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function requireBuild(): void {
  if (!existsSync(cli)) throw new Error(`${cli} is not built: run the build of packages/gateway first`);
}

/** Runs the command in a process, which ends with the test. `limit` is one of `ulimit`'s, such as `-f 512`. */
export function launch(
  env: Record<string, string>,
  args: readonly string[] = [],
  limit?: string,
): ChildProcess {
  const config = args.length === 0 && env['GATEWAY_CONFIG'] === undefined ? fileOf(STEADY) : undefined;
  const base = {
    PATH: process.env['PATH'] ?? '',
    GATEWAY_PORT: '0',
    LOG_LEVEL: 'silent',
    ...(config === undefined ? {} : { GATEWAY_CONFIG: config }),
    ...env,
  };
  const child =
    limit === undefined
      ? spawn(process.execPath, [cli, ...args], { env: base })
      : spawn('sh', ['-c', `ulimit -S ${limit}; exec "$0" "$1"`, process.execPath, cli], {
          env: base,
        });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** The address that it listens on, once it does; what it says after that is there to be read. */
export function started(child: ChildProcess): Promise<Run> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const url = /^gateway listening on (http:\S+)\n/.exec(text)?.[1];
      if (url !== undefined) resolve({ child, url });
    });
    child.once('close', () => reject(new Error(`the gateway ended before it listened: ${text}`)));
  });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const [code]: unknown[] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : null, stdout, stderr };
}
