import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Passwords of the servers that the stack starts for itself. */
export interface StackSecrets {
  readonly postgres: string;
  readonly redis: string;
  readonly rabbitMq: string;
}

/** Reads the passwords in `folder`, each a file, and makes those that are not there: others on the machine reach loopback too. */
export function openStackSecrets(folder: string): StackSecrets {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const open = (name: string): string => {
    const path = join(folder, name);
    if (!existsSync(path)) writeFileSync(path, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' });
    return readFileSync(path, 'utf8').trim();
  };
  return { postgres: open('postgres'), redis: open('redis'), rabbitMq: open('rabbitmq') };
}
