// `npm run stack`: the demo with the servers that it needs, and Prometheus, Alertmanager and the exporters that watch
// them, as far as the machine has them; no containers. Until Ctrl-C.
import { join } from 'node:path';
import { isPortFree } from '@artel/test-support/programs/port';
import { writeBackupPlaces } from './stack/backupPlaces';
import { planStack } from './stack/planStack';
import { findStackPrograms } from './stack/stackPrograms';
import { portVariables, readStackSettings } from './stack/stackSettings';
import { startStack } from './stack/startStack';

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function orFail<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return fail(error);
  }
}

const settings = orFail(() => readStackSettings(process.env));
for (const variable of portVariables) {
  const port = settings.ports[variable];
  if (!(await isPortFree(port)))
    fail(`Port ${port} is taken. Set ${variable} to a free one: ${variable}=${port + 10_000} npm run stack`);
}
const plan = orFail(() => planStack(settings, findStackPrograms(process.env)));
orFail(() => writeBackupPlaces(settings, plan));

const interrupt = new AbortController();
const whenInterrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      interrupt.abort();
      resolve();
    });
});

try {
  const stack = await startStack(plan.parts, {
    logs: join(settings.dataDir, 'logs'),
    say: (line) => console.error(line),
    signal: interrupt.signal,
  });
  const all = plan.parts.flatMap((part) => part.addresses ?? []);
  const width = Math.max(...all.map(({ title }) => title.length));
  const addresses = all.map(({ title, url }) => `  ${title.padEnd(width)}  ${url}`);
  console.log(`
${addresses.join('\n')}

  Without:
${plan.skipped.map((line) => `  - ${line}`).join('\n')}

  Data in ${settings.dataDir}. Ctrl-C stops everything.`);
  await whenInterrupted;
  await stack.stop();
} catch (error) {
  if (!interrupt.signal.aborted) fail(error);
}
process.exit(0);
