import { mkdirSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackupError, type BackupPart, runProgram } from './backupPart';
import { replaceFolder } from './replaceFolder';

const DUMP = 'dump.rdb';
const BASE = 'appendonly.aof.1.base.rdb';

/**
 * Redis, by the dump that it streams to a replica: what a BGSAVE writes, over the connection. Put back as the base of an
 * append-only file, since a Redis with `appendonly yes` reads nothing else at its start. `dataDir` is its `dir`.
 */
export function redisBackup(place: { readonly url: string; readonly dataDir: string }): BackupPart {
  const { hostname, port, password, username } = new URL(place.url);
  const address = ['-h', hostname, '-p', port || '6379', ...(username ? ['--user', username] : [])];
  const cli = (...args: string[]) =>
    runProgram('redis-cli', [...address, ...args], password ? { REDISCLI_AUTH: password } : {});

  return {
    name: 'redis',
    async backUp(folder) {
      mkdirSync(folder);
      const path = join(folder, DUMP);
      await cli('--rdb', path);
      // From end to end: a backup that nobody has read is a hope.
      await runProgram('redis-check-rdb', [path]);
    },
    async prepare(folder) {
      const isUp = await cli('PING').then(
        () => true,
        () => false,
      );
      if (isUp) {
        throw new BackupError(`redis: something answers at ${hostname}:${port || 6379}; stop Redis first`);
      }
      const made = await mkdtemp(join(tmpdir(), 'artel-redis-'));
      try {
        await copyFile(join(folder, DUMP), join(made, BASE));
        await writeFile(join(made, 'appendonly.aof.manifest'), `file ${BASE} seq 1 type b\n`);
        return await replaceFolder(made, join(place.dataDir, 'appendonlydir'));
      } finally {
        await rm(made, { recursive: true, force: true });
      }
    },
  };
}
