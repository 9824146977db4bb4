import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** The pattern of a file's name as a regular expression: `*` and `?` stand for anything. */
function namePattern(pattern: string): RegExp {
  const text = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** The names in a folder; none where there is no folder yet. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The files that a pattern means: a path, whose last part may hold `*` and `?`. */
export async function findFiles(pattern: string): Promise<string[]> {
  const path = resolve(pattern);
  const name = basename(path);
  if (!/[*?]/.test(name)) return [path];
  const matching = namePattern(name);
  return (await namesIn(dirname(path)))
    .filter((one) => matching.test(one))
    .map((one) => join(dirname(path), one));
}
