// `npm run restore -- DIRECTORY`: puts a backup back. The native stack has to be stopped; what of it has to answer
// meanwhile is started here.
import { join } from 'node:path';
import { isPortFree } from '@artel/test-support/programs/port';
import { readBackupArguments } from '../packages/ops/src/backup/backupArguments';
import { backupParts, nativePlaces, readBackupPlaces } from '../packages/ops/src/backup/backupPlaces';
import { restoreStack } from '../packages/ops/src/backup/restoreStack';
import { planStack } from './stack/planStack';
import { findStackPrograms } from './stack/stackPrograms';
import { portVariables, readStackSettings } from './stack/stackSettings';
import { type RunningStack, startStack } from './stack/startStack';

/** These are given their data by way of their protocol, the others their files. */
const ANSWERING = new Set(['postgres', 'alertmanager']);

let stack: RunningStack | undefined;
try {
  const { directory, config } = readBackupArguments('restore', process.argv.slice(2));
  const settings = readStackSettings(process.env);
  const plan = config ? undefined : planStack(settings, findStackPrograms(process.env));
  const started = Date.now();
  if (plan) {
    for (const variable of portVariables) {
      const port = settings.ports[variable];
      if (!(await isPortFree(port)))
        throw new Error(`Port ${port} (${variable}) is taken: stop the stack first`);
    }
    stack = await startStack(
      plan.parts.filter(({ name }) => ANSWERING.has(name)),
      { logs: join(settings.dataDir, 'logs'), say: (line) => console.error(line) },
    );
  }
  const places = config ? readBackupPlaces(config) : nativePlaces(settings, plan ?? { parts: [] });
  const restored = await restoreStack(backupParts(places), directory);
  await stack?.stop();
  for (const { name, before } of restored)
    console.log(`  ${name.padEnd(12)}  ${before === undefined ? '' : `what was there is kept as ${before}`}`);
  console.log(`Restored ${directory} after ${((Date.now() - started) / 1_000).toFixed(1)} s.`);
} catch (error) {
  await stack?.stop();
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
