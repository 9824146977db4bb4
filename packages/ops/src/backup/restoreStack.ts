import { join } from 'node:path';
import { checkSet, partsOf, readManifest } from './backupManifest';
import { BackupError, type BackupPart, type PartName, type Prepared } from './backupPart';

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
