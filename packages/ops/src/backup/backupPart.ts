import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The parts of a backup, in the order in which they are put back: the one that may still refuse comes first. */
export const partNames = ['gateway', 'prometheus', 'redis', 'postgres', 'alertmanager'] as const;

export type PartName = (typeof partNames)[number];

/** What was brought beside its place, and waits for its turn. */
export interface Prepared {
  /** Puts it in its place. Throws, and has changed nothing then. */
  commit(): Promise<void>;
  /** After a commit: puts back what was there before. */
  rollBack(): Promise<void>;
  /** Removes what is left beside the place, committed or not. */
  discard(): Promise<void>;
  /** After a commit: where what was there before is kept, in words; nothing where there was nothing. */
  before(): string | undefined;
}

/** How one server's data is saved and put back. */
export interface BackupPart {
  readonly name: PartName;
  /** Writes all that it holds into `folder`, which it makes, while the server runs. */
  backUp(folder: string): Promise<void>;
  /**
   * Brings what is in `folder` beside its place, without any change to what is there; throws what stands against it,
   * such as a server that runs and should not.
   */
  prepare(folder: string): Promise<Prepared>;
}

/** A backup cannot be taken or put back; nothing has been changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

const execute = promisify(execFile);

/** Runs a program to its end and returns what it prints. Throws a `BackupError` with what it prints as errors. */
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
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new BackupError(`${program}: there is no such program on PATH`, { cause: error });
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new BackupError(said || (error instanceof Error ? error.message : String(error)), { cause: error });
  }
}
