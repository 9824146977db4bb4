import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BackupError } from './backupPart';

const execute = promisify(execFile);

/** Runs a program to its end; answers what it prints, throws a `BackupError` with what it complains of. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { stdout } = await execute(program, [...args], {
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1_048_576,
    });
    return stdout.trim();
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new BackupError(said || (error instanceof Error ? error.message : String(error)), { cause: error });
  }
}
