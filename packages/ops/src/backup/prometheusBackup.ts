import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupError, type BackupPart } from './backupPart';
import { replaceFolder } from './replaceFolder';

const answer = z.object({ data: z.object({ name: z.string().regex(/^[\w-]+$/) }) });

/** Whether anything answers HTTP at an address. */
async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    () => true,
    () => false,
  );
}

/**
 * Prometheus's blocks, the head among them, by the snapshot of its admin API (`--web.enable-admin-api`). `dataDir` is its
 * `--storage.tsdb.path`, which has to have a folder around it that may be written.
 */
export function prometheusBackup(place: { readonly url: string; readonly dataDir: string }): BackupPart {
  const { url, dataDir } = place;
  return {
    name: 'prometheus',
    async backUp(folder) {
      const response = await fetch(`${url}/api/v1/admin/tsdb/snapshot`, { method: 'POST' }).catch(
        () => undefined,
      );
      if (!response?.ok) {
        const why =
          response === undefined ? 'does not answer' : `answers ${response.status}, ${await response.text()}`;
        throw new BackupError(`prometheus: ${url} ${why}; is it started with --web.enable-admin-api?`);
      }
      const { name } = answer.parse(await response.json()).data;
      const snapshot = join(dataDir, 'snapshots', name);
      if (!existsSync(snapshot)) {
        throw new BackupError(`prometheus: there is no ${snapshot}; is ${dataDir} the data of ${url}?`);
      }
      try {
        await cp(snapshot, folder, { recursive: true });
      } finally {
        await rm(snapshot, { recursive: true, force: true });
      }
    },
    async prepare(folder) {
      if (await answers(`${url}/-/healthy`)) {
        throw new BackupError(`prometheus: something answers at ${url}; stop Prometheus first`);
      }
      return replaceFolder(folder, dataDir);
    },
  };
}
