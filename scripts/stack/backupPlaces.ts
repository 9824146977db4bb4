import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackupPlaces } from '@artel/telemetry-ops';
import { stringify } from 'yaml';
import { type StackPlan, stackFolders } from './planStack';
import { postgresUrl } from './postgresPart';
import { prometheusData } from './prometheusPart';
import { redisUrl } from './redisPart';
import { openStackSecrets } from './stackSecrets';
import type { StackSettings } from './stackSettings';

/** The command line of the gateway as it is built here. */
export const builtGateway: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../packages/gateway/dist/cli.js', import.meta.url)),
];

/** The places of the native stack, as far as its plan has the parts. */
export function nativePlaces(
  { ports, dataDir }: StackSettings,
  { parts }: Pick<StackPlan, 'parts'>,
): BackupPlaces {
  const folders = stackFolders(dataDir);
  const secrets = openStackSecrets(folders.secrets);
  const has = (name: string): boolean => parts.some((part) => part.name === name);
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const redis = { port: ports.REDIS_PORT, password: secrets.redis };
  const postgres = { port: ports.POSTGRES_PORT, password: secrets.postgres };
  return {
    gateway: { dataDir },
    ...(has('prometheus')
      ? { prometheus: { url: url(ports.PROMETHEUS_PORT), dataDir: prometheusData(folders.prometheus) } }
      : {}),
    ...(has('redis') ? { redis: { url: redisUrl(redis), dataDir: folders.redis } } : {}),
    ...(has('postgres') ? { postgres: { url: postgresUrl(postgres) } } : {}),
    ...(has('alertmanager') ? { alertmanager: { url: url(ports.ALERTMANAGER_PORT) } } : {}),
  };
}

/** Writes the places of the native stack where `artel-ops backup` looks for them, and returns the path. */
export function writeBackupPlaces(settings: StackSettings, plan: Pick<StackPlan, 'parts'>): string {
  const path = join(settings.dataDir, 'backup-places.yml');
  // Passwords are in it. The mode applies to a new file only.
  writeFileSync(path, stringify(nativePlaces(settings, plan)), { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}
