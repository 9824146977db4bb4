import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_TENANT } from './tenants';

const FILE = 'gateway.secret';

function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function makeSecret(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
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

/**
 * The secret kept in `dataDir`; at the first start a random one is put there, readable by its owner only. Throws when
 * the file cannot be read or written, or is too short to be one.
 */
export function keptSecret(dataDir: string): string {
  const path = join(dataDir, FILE);
  try {
    if (readSecret(path) === undefined) makeSecret(path);
    const secret = readSecret(path) ?? '';
    if (secret.length >= 32) return secret;
    throw new Error(`expected a secret of at least 32 characters, got ${secret.length}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`DATA_DIR: cannot keep the secret in ${path}: ${reason}`, { cause: error });
  }
}

/**
 * Makes the keyed hash under which a user is kept: HMAC-SHA256 in hex, the same for the same user, tenant and secret. A
 * user of two tenants has two hashes, so that neither can be found by the other.
 */
export function createPseudonym(secret: string): (user: string, tenant: string) => string {
  return (user, tenant) =>
    createHmac('sha256', secret)
      .update(tenant === DEFAULT_TENANT ? user : `${tenant}\n${user}`)
      .digest('hex');
}
