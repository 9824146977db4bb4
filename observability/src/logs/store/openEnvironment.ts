import { closeSync, existsSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';

/** LMDB's magic, 24 bytes into the file, behind the header of its first page. */
const MAGIC = 0xbeefc0de;

/** The native library ends the process with a segmentation fault on a file that is no store. */
function checkFile(file: string): void {
  if (!existsSync(file)) return;
  const head = Buffer.alloc(28);
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, head);
  closeSync(descriptor);
  // An empty file is what a process leaves that was killed while it made the store.
  if (length > 0 && head.readUInt32LE(24) !== MAGIC) throw new Error(`${file} is not a store of logs`);
}

export interface EnvironmentOptions {
  /** Address space for the file, in bytes, which costs no memory. */
  readonly mapSize: number;
  readonly readOnly: boolean;
}

/** Opens the LMDB environment in a folder. Throws when there is none to read, or one that is no store. */
export function openEnvironment(folder: string, { mapSize, readOnly }: EnvironmentOptions): RootDatabase {
  const file = join(folder, 'data.mdb');
  if (readOnly && !existsSync(file)) throw new Error(`no logs are stored in ${folder}`);
  if (!readOnly) mkdirSync(folder, { recursive: true, mode: 0o700 });
  checkFile(file);
  return open({
    path: folder,
    noSubdir: false,
    mapSize,
    readOnly,
    maxDbs: 8,
    // A commit then is on the disk when its promise resolves, or the promise rejects and nothing has changed.
    overlappingSync: false,
    eventTurnBatching: false,
  });
}
