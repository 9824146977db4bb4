import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf } from '../programs/findProgram';
import { freePort } from '../programs/port';
import { answers } from '../programs/waitUntil';
import { type RunningServer, serverFolder, startServer } from './runningServer';

/** Notifies nobody. JSON is YAML. */
const SILENT = JSON.stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] });

export interface AlertmanagerOptions {
  /** The text of alertmanager.yml; by default it notifies nobody. */
  readonly config?: string;
  /** Its own folder; by default an empty one. */
  readonly folder?: string;
  /** A certificate, as PEM, that it trusts beside no other. */
  readonly certificate?: string;
  /** What people and links call it. */
  readonly externalUrl?: string;
}

/** Starts a real Alertmanager, alone and on a free port of loopback, which logs all its decisions, and waits until it is ready. */
export async function startAlertmanager({
  config = SILENT,
  folder = serverFolder('alertmanager'),
  certificate,
  externalUrl,
}: AlertmanagerOptions = {}): Promise<RunningServer> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const url = `http://${address}`;
  mkdirSync(folder, { recursive: true });
  const configFile = join(folder, 'alertmanager.yml');
  writeFileSync(configFile, config, { mode: 0o600 });
  const trusted = join(folder, 'trusted.pem');
  if (certificate) writeFileSync(trusted, certificate);
  return startServer(
    {
      name: 'alertmanager',
      command: pathOf('alertmanager'),
      args: [
        `--config.file=${configFile}`,
        `--storage.path=${join(folder, 'storage')}`,
        `--web.listen-address=${address}`,
        ...(externalUrl ? [`--web.external-url=${externalUrl}`, '--web.route-prefix=/'] : []),
        '--cluster.listen-address=',
        '--log.level=debug',
      ],
      ...(certificate ? { env: { SSL_CERT_FILE: trusted } } : {}),
      ready: () => answers(`${url}/-/ready`),
    },
    { port, url, folder },
  );
}
