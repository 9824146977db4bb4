import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';

/** One line of the audit log, beside the time, who did it, and the hash of the line before. */
interface AuditEntry {
  readonly event: string;
  readonly [field: string]: unknown;
}

interface AuditRecord extends AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly actor: string;
  /** SHA-256 of the line before, in hex; of the first of nothing. */
  readonly previous: string;
}

/** An append-only log: JSON lines, each with the hash of the one before, each on the disk before it is acted on. */
export interface AuditLog {
  append(entry: AuditEntry): void;
  records(): readonly AuditRecord[];
  /** Lets the next one have it. */
  close(): void;
}

/** The log was changed, or is in use; nothing is done without one. */
class AuditError extends Error {
  override readonly name = 'AuditError';
}

export interface AuditOptions {
  readonly path: string;
  readonly now: () => number;
  /** Who does it: `user@host` unless given. */
  readonly actor?: string | undefined;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

function isRecord(value: unknown): value is AuditRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'event') === 'string' &&
    typeof Reflect.get(value, 'previous') === 'string'
  );
}

interface Read {
  readonly records: readonly AuditRecord[];
  readonly last: string;
  /** Whether the last line was not written to its end. */
  readonly torn: boolean;
}

function readLog(path: string): Read {
  if (!existsSync(path)) return { records: [], last: '', torn: false };
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const records: AuditRecord[] = [];
  let last = '';
  for (const [index, line] of lines.entries()) {
    const at = `${path}, line ${index + 1}`;
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      // Broken off when a machine stopped; the next line says so.
      last = line;
      continue;
    }
    if (!isRecord(record)) throw new AuditError(`${at}: is no record of an audit log`);
    if (record.previous !== hash(last))
      throw new AuditError(`${at}: does not follow the line before it: the log was changed`);
    records.push(record);
    last = line;
  }
  return { records, last: rest === '' ? last : rest, torn: rest !== '' };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Two that delete at a time would each find that the other has made its plan stale. */
function lock(path: string): () => void {
  const file = `${path}.lock`;
  for (;;) {
    try {
      const handle = openSync(file, 'wx', 0o600);
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = Number(readFileSync(file, 'utf8'));
      if (holder > 0 && isRunning(holder))
        throw new AuditError(`${path}: process ${holder} is writing to it; wait until it has ended`);
      rmSync(file, { force: true });
    }
  }
}

/** Opens the log at `path`, makes it where there is none, and checks that no line was changed. Throws an `AuditError`. */
export function openAuditLog({ path, now, actor }: AuditOptions): AuditLog {
  mkdirSync(dirname(path), { recursive: true });
  const unlock = lock(path);
  try {
    const read = readLog(path);
    const records = [...read.records];
    let { last } = read;
    const handle = openSync(path, 'a', 0o600);
    const who = actor ?? `${userInfo().username}@${hostname()}`;
    const write = (text: string): void => {
      writeSync(handle, text);
      fsyncSync(handle);
    };
    if (read.torn) write('\n');
    return {
      append({ event, ...fields }) {
        const record = {
          at: new Date(now()).toISOString(),
          actor: who,
          event,
          ...fields,
          previous: hash(last),
        };
        const line = JSON.stringify(record);
        write(`${line}\n`);
        records.push(record);
        last = line;
      },
      records: () => records,
      close() {
        closeSync(handle);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * Makes the keyed hash that stands for a player in the audit log: only who has the key can find out whether a player was
 * erased. The key is in the file `path`, which is made if it is missing and which only its owner may read.
 */
export function createAuditHash(path: string): (user: string) => string {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  }
  const key = readFileSync(path, 'utf8').trim();
  if (key.length < 32) throw new Error(`${path}: expected a key of at least 32 characters`);
  return (user) => createHmac('sha256', key).update(user).digest('hex');
}
