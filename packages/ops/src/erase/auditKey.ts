import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the keyed hash under which the audit log knows a player: whoever has the key, and nobody else, can ask whether
 * somebody was erased. The key is kept beside the log, readable by its owner.
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
