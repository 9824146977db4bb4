import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function readHolder(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return Number.NaN;
  }
}

/** Takes a folder for this process, and answers how to leave it. Throws where another process that lives has it. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock');
  const holder = readHolder(file);
  if (holder !== process.pid && Number.isInteger(holder) && holder > 0 && isAlive(holder)) {
    throw new Error(`${folder} is in use by process ${holder}; set DATA_DIR to another folder`);
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}
