import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A marker whose process has no reader yet may be of one that is about to begin. */
const STALE_MS = 60_000;

const markerPath = (path: string, pid: number): string => join(path, `backup-${pid}`);

/** Processes that have said of themselves that they only back up the store in `path`: they read, and never write. */
export function markedBackups(path: string): number[] {
  return readdirSync(path).flatMap((name) => {
    const pid = /^backup-(\d+)$/.exec(name)?.[1];
    return pid === undefined ? [] : [Number(pid)];
  });
}

/**
 * Marks this process as one that backs up the store in `path`. Without that a gateway which starts meanwhile would take
 * it for another gateway, and end. Answers how to take the mark away.
 */
export function markBackup(path: string): () => void {
  writeFileSync(markerPath(path, process.pid), '');
  return () => rmSync(markerPath(path, process.pid), { force: true });
}

/** Removes what backups have left that were killed. `readers` are the processes that have the store open. */
export function removeStaleMarkers(path: string, readers: readonly number[], now = Date.now()): void {
  for (const pid of markedBackups(path)) {
    if (readers.includes(pid) || pid === process.pid) continue;
    const marker = markerPath(path, pid);
    const written = statSync(marker, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - written > STALE_MS) rmSync(marker, { force: true });
  }
}
