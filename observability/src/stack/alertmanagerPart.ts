import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/** Where the configuration looks for the files of its secrets. */
const SECRETS = '/etc/alertmanager/secrets';

/**
 * Alertmanager with the configuration of the containers, and `secrets` beside it in place of theirs. A receiver whose
 * file is not there notifies nobody, and says so in the log.
 */
export function alertmanagerPart({ program, port, folder }: AlertmanagerPlace): Launch {
  mkdirSync(alertmanagerData(folder), { recursive: true });
  const secrets = join(folder, 'secrets');
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  const text = readFileSync(alertmanagerConfiguration, 'utf8');
  writeFileSync(join(folder, 'alertmanager.yml'), text.replaceAll(SECRETS, secrets));
  const templates = join(configuration, 'templates');
  if (existsSync(templates)) linkTo(templates, join(folder, 'templates'));
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
