import { spawnSync } from 'node:child_process';
import { takeBackup } from './backup';
import { type Restored, restoreSnapshot, retireStore } from './restore';
import type { Manifest } from './snapshot';
import { StoreTakenError, storePath } from './storeFile';

/** Not for people: `restore` runs it in a process of its own, which a damaged store may take down. */
const RETIRE_COMMAND = 'retire-store';
const TAKEN_CODE = 3;

function contents({ entries, data, committed }: Manifest): string {
  const { ledger = 0, series = 0, queue = 0 } = entries;
  const as = committed === null ? 'no batch yet' : `the last batch of ${committed}`;
  return `${ledger} producers, ${series} series, ${queue} waiting logs and spans, ${data.bytes} bytes, ${as}`;
}

async function backup(dataDir: string, target: string): Promise<string> {
  const manifest = await takeBackup(dataDir, target);
  return `backed up ${storePath(dataDir)} to ${target}: ${contents(manifest)}
The key of the user hashes is not in it: keep gateway.secret or GATEWAY_SECRET apart, or hashes will change.
`;
}

/** Answers the exit code. */
async function retire(dataDir: string): Promise<number> {
  try {
    await retireStore(dataDir);
    return 0;
  } catch (error) {
    process.stderr.write(error instanceof Error ? error.message : String(error));
    return error instanceof StoreTakenError ? TAKEN_CODE : 1;
  }
}

async function retireApart(dataDir: string): Promise<void> {
  const command = [...process.execArgv, process.argv[1] ?? '', RETIRE_COMMAND];
  const env = { ...process.env, DATA_DIR: dataDir };
  const { status, signal, stderr } = spawnSync(process.execPath, command, { env, encoding: 'utf8' });
  if (status === TAKEN_CODE) throw new StoreTakenError(stderr);
  if (status !== 0) throw new Error(signal === null ? stderr : `opening it ended with ${signal}`);
}

function restoredText(snapshot: string, dataDir: string, { manifest, before, damage }: Restored): string {
  const kept =
    damage === undefined ? 'The store from before' : `The store from before, which is damaged (${damage}),`;
  return `restored ${snapshot}, taken ${manifest.taken}, to ${storePath(dataDir)}: ${contents(manifest)}
${before === undefined ? '' : `${kept} is kept in ${before}\n`}\
Batches that were acknowledged later are gone from the ledger and the series alike: they count no more, and one that
comes again counts once. Logs and spans that outputs have taken since are handed on again. Prometheus sees counters
that went back as restarted, so that increase() over this moment shows too much.
`;
}

/** How the commands of this room are called, for the help. */
export const snapshotUsages: readonly (readonly [usage: string, text: string])[] = [
  ['backup <directory>', 'writes a snapshot of the store into a new directory, while a gateway runs too'],
  [
    'restore <snapshot> [--force]',
    'puts a snapshot into DATA_DIR; --force keeps the store from before aside',
  ],
];

function usageOf(command: string): string {
  const usage = snapshotUsages.find(([one]) => one.startsWith(`${command} `))?.[0];
  return `${command}: expected artel-gateway ${usage}`;
}

/**
 * Runs `backup`, `restore` or `retire-store` and answers the exit code; anything else is `undefined`. Throws what the
 * command could not be done for.
 */
export async function runSnapshotCommand(
  [command, ...rest]: readonly string[],
  dataDir: () => string,
): Promise<number | undefined> {
  if (command === RETIRE_COMMAND && rest.length === 0) return retire(dataDir());
  if (command !== 'backup' && command !== 'restore') return undefined;
  const force = command === 'restore' && rest.includes('--force');
  const [path, ...more] = rest.filter((argument) => !(force && argument === '--force'));
  if (path === undefined || path.startsWith('-') || more.length > 0) throw new Error(usageOf(command));
  if (command === 'backup') process.stdout.write(await backup(dataDir(), path));
  else {
    const restored = await restoreSnapshot(path, dataDir(), { force, retire: retireApart });
    process.stdout.write(restoredText(path, dataDir(), restored));
  }
  return 0;
}
