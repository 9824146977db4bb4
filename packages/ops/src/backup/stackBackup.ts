import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type BackupManifest,
  checkSet,
  makeManifest,
  partsOf,
  readManifest,
  sumFolder,
  writeManifest,
} from './backupManifest';
import { BackupError, type BackupPart, type PartName, type Prepared } from './backupPart';

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

/** What was put back, and where what was there before is kept. */
export interface RestoredPart {
  readonly name: PartName;
  readonly before: string | undefined;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Puts a set back. First everything is checked, then everything is brought beside its place, and only then are all put
 * in their places, one after the other; when one of these fails, those before it are put back as they were. Throws what
 * stood against it.
 */
export async function restoreStack(
  parts: readonly BackupPart[],
  set: string,
): Promise<readonly RestoredPart[]> {
  const manifest = readManifest(set);
  await checkSet(set, manifest);
  const chosen = partsOf(manifest).map((name) => {
    const part = parts.find((one) => one.name === name);
    if (!part) throw new BackupError(`${name}: is in ${set}, and nothing says where to put it`);
    return part;
  });

  const prepared: { readonly name: PartName; readonly work: Prepared }[] = [];
  const committed: typeof prepared = [];
  try {
    for (const part of chosen)
      prepared.push({ name: part.name, work: await part.prepare(join(set, part.name)) });
    for (const one of prepared) {
      await one.work.commit();
      committed.push(one);
    }
    return committed.map(({ name, work }) => ({ name, before: work.before() }));
  } catch (error) {
    const left: string[] = [];
    for (const { name, work } of committed.reverse()) {
      await work.rollBack().catch((fault: unknown) => left.push(`${name}: ${messageOf(fault)}`));
    }
    if (left.length === 0) throw error;
    const and = `these could not be put back as they were: ${left.join('; ')}`;
    throw new BackupError(`${messageOf(error)}\n${and}`, { cause: error });
  } finally {
    for (const { work } of prepared) await work.discard();
  }
}
