import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupError, type BackupPart } from './backupPart';

const FILE = 'silences.json';

const silence = z.object({
  id: z.string(),
  status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
  matchers: z.array(z.record(z.string(), z.unknown())),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string(),
  comment: z.string(),
});

/**
 * Alertmanager's silences that are not over, by its API. Its log of notifications is not in it: an alert that still fires
 * is notified once more, which is better than not at all.
 */
export function alertmanagerBackup({ url }: { readonly url: string }): BackupPart {
  const request = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${url}/api/v2/${path}`, init).catch(() => undefined);
    if (!response?.ok) {
      const why =
        response === undefined ? 'does not answer' : `answers ${response.status}, ${await response.text()}`;
      throw new BackupError(`alertmanager: ${url} ${why}`);
    }
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  };
  const read = async () => {
    const all = z.array(silence).parse(await request('silences'));
    return all.filter(({ status }) => status.state !== 'expired');
  };

  return {
    name: 'alertmanager',
    async backUp(folder) {
      mkdirSync(folder);
      writeFileSync(join(folder, FILE), `${JSON.stringify(await read(), undefined, 2)}\n`);
    },
    async prepare(folder) {
      const saved = z.array(silence).parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')));
      const known = new Set((await read()).map(({ id }) => id));
      const posted: string[] = [];
      const rollBack = async () => {
        for (const id of posted.splice(0)) await request(`silence/${id}`, { method: 'DELETE' });
      };
      return {
        async commit() {
          try {
            // One that has an id that is not known is refused: it gets a new one.
            for (const { id, status: _, ...rest } of saved) {
              if (known.has(id) || Date.parse(rest.endsAt) <= Date.now()) continue;
              const answer = await request('silences', {
                method: 'POST',
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify(rest),
              });
              posted.push(z.object({ silenceID: z.string() }).parse(answer).silenceID);
            }
          } catch (error) {
            await rollBack();
            throw error;
          }
        },
        rollBack,
        discard: async () => {},
        before: () => undefined,
      };
    },
  };
}
