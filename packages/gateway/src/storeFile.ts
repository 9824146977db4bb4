import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb';

/** The store is not this gateway's to write, now or any more. */
export class StoreTakenError extends Error {
  override readonly name = 'StoreTakenError';
}

/** Where a gateway keeps its store within its data directory. */
export function storePath(dataDir: string): string {
  return join(dataDir, 'gateway');
}

/** Processes, beside this one, that have the store open. LMDB keeps file locks for its readers, which die with them. */
export function othersIn(env: RootDatabase): number[] {
  env.readerCheck();
  const pids = [...env.readerList().matchAll(/^\s*(\d+)\s/gm)].map(([, pid]) => Number(pid));
  return [...new Set(pids)].filter((pid) => pid !== process.pid);
}

/**
 * Address space for the store's file, which costs no memory. The library begins with 128 KiB and doubles it as the file
 * grows; where the system then refuses, it goes on without its map and takes other memory for pages. So what will be
 * enough is taken at once.
 */
const MAP_BYTES = 64 * 2 ** 30;

/** Where there is too little of it, the native library ends the process with a segmentation fault. */
function checkAddressSpace(): void {
  if (process.platform !== 'linux') return;
  const [, bytes] = /^Max address space +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  const [, used] = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  if (bytes === undefined || Number(bytes) - Number(used) * 1_024 > MAP_BYTES) return;
  const need = `it needs ${MAP_BYTES} bytes of address space`;
  throw new Error(`${need}, and the process may take ${bytes}: raise that limit (ulimit -v)`);
}

/** LMDB's magic, 24 bytes into the file, behind the header of its first page. */
const MAGIC = 0xbeefc0de;

/** The native library ends the process with a segmentation fault on a file that is no store. */
function checkFile(path: string): void {
  const file = join(path, 'data.mdb');
  if (!existsSync(file)) return;
  const head = Buffer.alloc(28);
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, head);
  closeSync(descriptor);
  // An empty file is what a process leaves that was killed while it made the store.
  if (length > 0 && head.readUInt32LE(24) !== MAGIC) throw new Error(`${file} is not a store`);
}

/** Opens the LMDB environment in `path`. Throws when there is a file that is none, or the directory cannot be used. */
export function openEnvironment(
  path: string,
  options: Pick<RootDatabaseOptionsWithPath, 'readOnly'> = {},
): RootDatabase {
  checkFile(path);
  checkAddressSpace();
  return open({
    ...options,
    path,
    noSubdir: false,
    mapSize: MAP_BYTES,
    // With overlapping sync a promise resolves once the transaction is visible and before it is on the disk; when
    // the flush then fails, what was seen is gone and `flushed` never settles. Without, fsync is a part of the
    // commit: it either holds, or the promise rejects and nothing has changed. Group commit pays the fsync once for
    // many batches.
    overlappingSync: false,
    // Every write is batched by hand. The library's own batching makes promises that nobody can catch.
    eventTurnBatching: false,
  });
}
