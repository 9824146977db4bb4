// `npm run restore -- DIRECTORY`: puts a backup of the native stack back, which must be stopped. PostgreSQL and
// Alertmanager are started for the time that it takes: they are given their data by their protocol, the others by files.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runOps } from '@artel/telemetry-ops';
import { isPortFree } from '@artel/test-support/programs/port';
import { builtGateway, writeBackupPlaces } from './stack/backupPlaces';
import { planStack } from './stack/planStack';
import { findStackPrograms } from './stack/stackPrograms';
import { portVariables, readStackSettings } from './stack/stackSettings';
import { type RunningStack, startStack } from './stack/startStack';

const ANSWERING = new Set(['postgres', 'alertmanager']);

/** Starts the parts that must answer. Throws where the stack runs. */
async function startAnswering(): Promise<{ readonly stack: RunningStack; readonly places: string }> {
  const settings = readStackSettings(process.env);
  const plan = planStack(settings, findStackPrograms(process.env));
  for (const variable of portVariables) {
    const port = settings.ports[variable];
    if (!(await isPortFree(port)))
      throw new Error(`Port ${port} (${variable}) is taken: stop the stack first`);
  }
  const stack = await startStack(
    plan.parts.filter(({ name }) => ANSWERING.has(name)),
    { logs: join(settings.dataDir, 'logs'), say: (line) => console.error(line) },
  );
  return { stack, places: writeBackupPlaces(settings, plan) };
}

const args = process.argv.slice(2);
const restore = (...more: string[]) => runOps(['restore', ...args, ...more], { gateway: builtGateway });
const { values, positionals } = parseArgs({ args, strict: false, allowPositionals: true });
// Servers of other places run already, and a command line that is wrong starts none.
const isNative = positionals.length === 1 && Object.keys(values).length === 0;

if (!isNative) process.exitCode = await restore();
else {
  try {
    const { stack, places } = await startAnswering();
    try {
      process.exitCode = await restore('--config', places);
    } finally {
      await stack.stop();
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
