import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'gateway.secret';

function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The secret kept in `dataDir`; at the first start a random one is put there, readable by its owner only. Throws when
 * the file cannot be read or written, or is too short to be one.
 */
export function keptSecret(dataDir: string): string {
  const path = join(dataDir, FILE);
  const kept = readSecret(path);
  if (kept === undefined) {
    mkdirSync(dataDir, { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
    try {
      // A link is there at once and whole, and fails where another gateway was faster: then theirs is taken.
      linkSync(draft, path);
    } catch (error) {
      if (readSecret(path) === undefined) throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  const secret = kept ?? readSecret(path) ?? '';
  if (secret.length < 32)
    throw new Error(`${path}: expected a secret of at least 32 characters, got ${secret.length}`);
  return secret;
}

/** Makes the keyed hash under which a user is kept: HMAC-SHA256 in hex, the same for the same user and secret. */
export function createPseudonym(secret: string): (user: string) => string {
  return (user) => createHmac('sha256', secret).update(user).digest('hex');
}
