import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, type Running } from '../programs/launch';
import { freePort } from '../programs/port';

export interface RunningAlertmanager extends Running {
  readonly url: string;
}

/** Starts a real Alertmanager, alone and on loopback, that keeps its files in `folder` and trusts the mail server of `certificate`. */
export async function startAlertmanager(
  program: string,
  folder: string,
  { config, certificate, externalUrl }: { config: string; certificate: string; externalUrl: string },
): Promise<RunningAlertmanager> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const configFile = join(folder, 'alertmanager.yml');
  writeFileSync(configFile, config, { mode: 0o600 });
  const trusted = join(folder, 'trusted.pem');
  writeFileSync(trusted, certificate);
  const url = `http://127.0.0.1:${port}`;
  const running = await launch({
    name: 'alertmanager',
    command: program,
    args: [
      `--config.file=${configFile}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.external-url=${externalUrl}`,
      '--web.route-prefix=/',
      '--cluster.listen-address=',
      '--log.level=debug',
    ],
    env: { SSL_CERT_FILE: trusted },
    ready: new URL(`${url}/-/ready`),
  });
  return { ...running, url };
}
