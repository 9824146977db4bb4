import { existsSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackupPart, runProgram } from './backupPart';

export interface GatewayPlace {
  readonly dataDir: string;
  /** The gateway's program and its first arguments, such as `['artel-gateway']`. */
  readonly command: readonly string[];
}

/** The gateway's store, by its own commands: a snapshot in one transaction, and a restore in one rename. */
export function gatewayBackup({ dataDir, command }: GatewayPlace): BackupPart {
  const [program = 'artel-gateway', ...first] = command;
  const run = (...args: string[]) => runProgram(program, [...first, ...args], { DATA_DIR: dataDir });
  const store = join(dataDir, 'gateway');
  const keptStores = (): Set<string> =>
    new Set(
      existsSync(dataDir) ? readdirSync(dataDir).filter((name) => name.startsWith('gateway.before-')) : [],
    );

  return {
    name: 'gateway',
    async backUp(folder) {
      await run('backup', folder);
    },
    async prepare(folder) {
      let before: string | undefined;
      return {
        // Checks the snapshot, sees to it that no gateway has the store open, and replaces it, all or nothing.
        async commit() {
          const earlier = keptStores();
          await run('restore', folder, '--force');
          before = [...keptStores()].find((name) => !earlier.has(name));
        },
        async rollBack() {
          await rm(store, { recursive: true, force: true });
          if (before !== undefined) await rename(join(dataDir, before), store);
          before = undefined;
        },
        discard: async () => {},
        before: () => (before === undefined ? undefined : join(dataDir, before)),
      };
    },
  };
}
