import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Launch } from '@artel/test-support/programs/launch';

export interface RedisPlace {
  readonly program: string;
  readonly port: number;
  readonly folder: string;
  readonly password: string;
}

/** The address of the stack's Redis; holds the password. */
export function redisUrl({ port, password }: Pick<RedisPlace, 'port' | 'password'>): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

/** Redis that forgets nothing over a restart, and evicts nothing: sign-ins and ledgers are in it. */
export function redisPart({ program, port, folder, password }: RedisPlace): Launch {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const config = join(folder, 'redis.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir "${folder}"`,
    `requirepass ${password}`,
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
    'save ""',
  ];
  // In a file, as the arguments of a process can be read by everybody.
  writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  return {
    name: 'redis',
    command: program,
    args: [config],
    group: true,
    ready: /Ready to accept connections/,
  };
}
