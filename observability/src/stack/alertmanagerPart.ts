import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Launch } from '../../../scripts/launch';
import { linkTo } from './prometheusPart';

const configuration = fileURLToPath(new URL('../../alertmanager/', import.meta.url));

export const alertmanagerConfiguration = join(configuration, 'alertmanager.yml');

export interface AlertmanagerPlace {
  readonly program: string;
  readonly port: number;
  /** Takes its links, its secrets and its data. */
  readonly folder: string;
}

/** The folder of silences and of what was notified. */
export const alertmanagerData = (folder: string): string => join(folder, 'data');

/**
 * Alertmanager with the same configuration as in containers. Secrets are files of `secrets` beside it: a receiver whose
 * file is not there notifies nobody, and says so in the log.
 */
export function alertmanagerPart({ program, port, folder }: AlertmanagerPlace): Launch {
  mkdirSync(alertmanagerData(folder), { recursive: true });
  mkdirSync(join(folder, 'secrets'), { recursive: true, mode: 0o700 });
  for (const name of ['alertmanager.yml', 'templates'])
    if (existsSync(join(configuration, name))) linkTo(join(configuration, name), join(folder, name));
  return {
    name: 'alertmanager',
    command: program,
    args: [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${alertmanagerData(folder)}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // One alone gossips with nobody.
      '--cluster.listen-address=',
    ],
    grace: 10_000,
    group: true,
    ready: /Listening on|TLS is disabled/,
  };
}
