import { chownSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Prepared } from './backupPart';

/** `20261125T100500Z`, for names of what is kept aside. */
export function timeInName(now = new Date()): string {
  return now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

function giveTo(path: string, uid: number, gid: number): void {
  chownSync(path, uid, gid);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveTo(join(path, name), uid, gid);
}

/**
 * Copies `source` beside `place`, to be put in its place by a rename, and what is there aside by another. What is copied
 * gets the owner that the folder around it has. `fill` may add to the copy.
 */
export async function replaceFolder(
  source: string,
  place: string,
  fill: (draft: string) => Promise<void> = async () => {},
): Promise<Prepared> {
  const time = timeInName();
  const draft = `${place}.restoring-${time}`;
  const before = `${place}.before-${time}`;
  mkdirSync(dirname(place), { recursive: true });
  const { uid, gid } = statSync(dirname(place));
  let keptAside = false;
  let committed = false;
  try {
    await cp(source, draft, { recursive: true, errorOnExist: true, force: false });
    await fill(draft);
    if (process.getuid?.() === 0) giveTo(draft, uid, gid);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  const putBack = async () => {
    if (keptAside) await rename(before, place);
    keptAside = false;
  };
  return {
    async commit() {
      if (existsSync(place)) {
        await rename(place, before);
        keptAside = true;
      }
      try {
        await rename(draft, place);
        committed = true;
      } catch (error) {
        await putBack();
        throw error;
      }
    },
    async rollBack() {
      if (!committed) return;
      await rename(place, draft);
      committed = false;
      await putBack();
    },
    discard: () => rm(draft, { recursive: true, force: true }),
    before: () => (keptAside ? before : undefined),
  };
}
