// `npm run backup -- DIRECTORY`: saves the gateway, Prometheus, Redis, PostgreSQL and Alertmanager into a new directory.
import { existsSync } from 'node:fs';
import { backUpStack } from '../packages/ops/src/backup/backUpStack';
import { readBackupArguments } from '../packages/ops/src/backup/backupArguments';
import { backupParts, nativePlaces, readBackupPlaces } from '../packages/ops/src/backup/backupPlaces';
import { planStack } from './stack/planStack';
import { findStackPrograms } from './stack/stackPrograms';
import { readStackSettings } from './stack/stackSettings';

try {
  const { directory, config } = readBackupArguments('backup', process.argv.slice(2));
  const settings = readStackSettings(process.env);
  if (!config && !existsSync(settings.dataDir))
    throw new Error(`DATA_DIR: there is no ${settings.dataDir}; has npm run stack been run?`);
  const places = config
    ? readBackupPlaces(config)
    : nativePlaces(settings, planStack(settings, findStackPrograms(process.env)));
  const started = Date.now();
  const { id, parts } = await backUpStack(backupParts(places), directory);
  for (const [name, part] of Object.entries(parts)) {
    const bytes = part?.files.reduce((sum, file) => sum + file.bytes, 0);
    console.log(`  ${name.padEnd(12)}  ${part?.files.length} files, ${bytes} bytes`);
  }
  console.log(`Backup ${id} is in ${directory}, after ${((Date.now() - started) / 1_000).toFixed(1)} s.
Secrets are not in it: keep them apart.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
