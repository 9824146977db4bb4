import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alertmanagerVersion, prepareAlertmanager } from '@artel/telemetry-ops';
import type { Launch } from '@artel/test-support/programs/launch';
import { answers } from '@artel/test-support/programs/waitUntil';

const source = fileURLToPath(new URL('../../observability/alertmanager/alertmanager.yml', import.meta.url));

export interface AlertmanagerPlace {
  readonly program: string;
  readonly port: number;
  /** Takes its configuration, its secrets and its data. */
  readonly folder: string;
}

/**
 * Alertmanager with the configuration of the containers, in the words of its version. Secrets are files of `secrets` in its
 * folder; whoever has none there is not notified, so that a developer's machine rings nobody.
 */
export function alertmanagerPart({ program, port, folder }: AlertmanagerPlace): Launch {
  const secrets = join(folder, 'secrets');
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  const version = alertmanagerVersion(program);
  const { text } = prepareAlertmanager({ source, secrets, version, missing: 'leave out' });
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(config, text, { mode: 0o600 });
  return {
    name: 'alertmanager',
    command: program,
    args: [
      `--config.file=${config}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // One alone gossips with nobody.
      '--cluster.listen-address=',
    ],
    grace: 10_000,
    group: true,
    ready: () => answers(`http://127.0.0.1:${port}/-/ready`),
  };
}
