import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@artel/test-support/programs/port';
import { onTestFinished } from 'vitest';
import { portVariables } from './stackSettings';

const bootstrap = fileURLToPath(new URL('../bootstrap.mjs', import.meta.url));

/** A folder that is removed with the test; the users that servers run as may enter it. */
export function dataFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `artel-${name}-`));
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment of a stack of the test's own: free ports, and its data in `dataDir`. */
export async function stackEnvironment(dataDir: string): Promise<Readonly<Record<string, string>>> {
  const ports = new Set<number>();
  while (ports.size < portVariables.length) ports.add(await freePort());
  const all = [...ports];
  const named = portVariables.map((variable, at) => [variable, String(all[at])] as const);
  return { DATA_DIR: dataDir, ...Object.fromEntries(named) };
}

/** Runs `npm run COMMAND -- ARGS` to its end; answers its exit code and all that it printed. */
export async function runCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [bootstrap, command, ...args], { env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

/** What starts `npm run stack`. */
export const stackCommand = { command: process.execPath, args: [bootstrap, 'stack'] } as const;
