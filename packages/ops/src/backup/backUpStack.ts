import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type BackupManifest, makeManifest, sumFolder, writeManifest } from './backupManifest';
import { BackupError, type BackupPart } from './backupPart';

/**
 * Saves every part into the new directory `target`, while all run, with a manifest that has the checksum of each file.
 * The directory appears whole or not at all. Throws a `BackupError` that names the part that could not be saved.
 */
export async function backUpStack(
  parts: readonly BackupPart[],
  target: string,
  now: () => Date = () => new Date(),
): Promise<BackupManifest> {
  const to = resolve(target);
  if (existsSync(to))
    throw new BackupError(`${target}: is there already, expected the name of a new directory`);
  mkdirSync(dirname(to), { recursive: true });
  const draft = await mkdtemp(join(dirname(to), `.${basename(to)}.draft-`));
  try {
    const saved: BackupManifest['parts'] = {};
    for (const part of parts) {
      const folder = join(draft, part.name);
      await part.backUp(folder);
      saved[part.name] = { taken: now().toISOString(), files: await sumFolder(folder) };
    }
    const manifest = makeManifest(saved, now());
    writeManifest(draft, manifest);
    renameSync(draft, to);
    return manifest;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
