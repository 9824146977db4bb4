import { parseArgs } from 'node:util';

export interface BackupArguments {
  readonly directory: string;
  /** A file of places; the native stack of `DATA_DIR` where there is none. */
  readonly config: string | undefined;
}

/** Reads `DIRECTORY [--config FILE]`. Throws how it is written. */
export function readBackupArguments(command: 'backup' | 'restore', args: readonly string[]): BackupArguments {
  const usage = `expected npm run ${command} -- DIRECTORY [--config FILE]`;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' } },
      allowPositionals: true,
    });
    const [directory, ...more] = positionals;
    if (directory !== undefined && directory !== '' && more.length === 0)
      return { directory, config: values.config };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}; ${usage}`);
  }
  throw new Error(usage);
}
