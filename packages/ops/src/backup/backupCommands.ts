import { join } from 'node:path';
import { type Command, defineCommand, type Surroundings } from '../command';
import { gatewayCommand, gatewayHelp, gatewayOption } from '../sharedOptions';
import type { BackupPart } from './backupPart';
import { backupParts, readBackupPlaces } from './backupPlaces';
import { backUpStack, restoreStack } from './stackBackup';

const options = { config: { type: 'string' }, ...gatewayOption } as const;
const operand = { name: 'DIRECTORY', required: true } as const;

const placesHelp = `  --config FILE         the places, where each server is and keeps its data; npm run stack writes
                        \${DATA_DIR:-.data}/backup-places.yml, which is the default
${gatewayHelp}
Environment:
  DATA_DIR              .data
  POSTGRES_PATH         folder of pg_dump, pg_restore and psql; the first on PATH, or the newest
                        in /usr/lib/postgresql
`;

/** What saves and puts back the servers of the given places, or of the native stack. */
function openParts(
  values: { readonly config?: string | undefined; readonly gateway?: string | undefined },
  around: Surroundings,
): readonly BackupPart[] {
  const { environment } = around;
  const places = readBackupPlaces(
    values.config ?? join(environment['DATA_DIR'] || '.data', 'backup-places.yml'),
  );
  return backupParts(places, { gateway: gatewayCommand(values, around), environment });
}

const backup = defineCommand({
  name: 'backup',
  summary: 'saves the data of gateway and servers while they run',
  help: `artel-ops backup DIRECTORY [options]

Saves the data of the gateway, Prometheus, Redis, PostgreSQL and Alertmanager into a new
directory, while they run. Secrets are not saved.

${placesHelp}`,
  options,
  operand,
  async run({ values, operand: directory = '' }, around) {
    const { now, print } = around;
    const started = now();
    const { id, parts } = await backUpStack(openParts(values, around), directory);
    for (const [name, part] of Object.entries(parts)) {
      const bytes = part?.files.reduce((sum, file) => sum + file.bytes, 0);
      print(`  ${name.padEnd(12)}  ${part?.files.length} files, ${bytes} bytes\n`);
    }
    const seconds = ((now() - started) / 1_000).toFixed(1);
    print(`Backup ${id} is in ${directory}, after ${seconds} s.\nSecrets are not in it: keep them apart.\n`);
    return 0;
  },
});

const restore = defineCommand({
  name: 'restore',
  summary: 'puts a backup back',
  help: `artel-ops restore DIRECTORY [options]

Checks a backup and puts it back. The gateway, Prometheus, Redis and everything that uses
PostgreSQL must be stopped; PostgreSQL and Alertmanager must run. What was there before is kept,
and named.

${placesHelp}`,
  options,
  operand,
  async run({ values, operand: directory = '' }, around) {
    const { now, print } = around;
    const started = now();
    for (const { name, before } of await restoreStack(openParts(values, around), directory))
      print(`  ${name.padEnd(12)}  ${before === undefined ? '' : `what was there is kept as ${before}`}\n`);
    print(`Restored ${directory} after ${((now() - started) / 1_000).toFixed(1)} s.\n`);
    return 0;
  },
});

export const backupCommands: readonly Command[] = [backup, restore];
