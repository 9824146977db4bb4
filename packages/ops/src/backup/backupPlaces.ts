import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { installedPostgres } from '@artel/test-support/programs/installedServers';
import { parse } from 'yaml';
import { z } from 'zod';
import { type StackPlan, stackFolders } from '../../../../scripts/stack/planStack';
import { postgresUrl } from '../../../../scripts/stack/postgresPart';
import { prometheusData } from '../../../../scripts/stack/prometheusPart';
import { redisUrl } from '../../../../scripts/stack/redisPart';
import { openStackSecrets } from '../../../../scripts/stack/stackSecrets';
import type { StackSettings } from '../../../../scripts/stack/stackSettings';
import { alertmanagerBackup } from './alertmanagerBackup';
import { BackupError, type BackupPart } from './backupPart';
import { gatewayPart } from './gatewayPart';
import { postgresBackup } from './postgresBackup';
import { prometheusBackup } from './prometheusBackup';
import { redisBackup } from './redisBackup';

const schema = z.strictObject({
  gateway: z.strictObject({ dataDir: z.string() }).optional(),
  prometheus: z.strictObject({ url: z.url(), dataDir: z.string() }).optional(),
  redis: z.strictObject({ url: z.url({ protocol: /^redis$/ }), dataDir: z.string() }).optional(),
  postgres: z.strictObject({ url: z.url({ protocol: /^postgres(ql)?$/ }) }).optional(),
  alertmanager: z.strictObject({ url: z.url() }).optional(),
});

/** Where each server is and keeps its data; what is not named is not saved. */
export type BackupPlaces = z.output<typeof schema>;

/** Reads a file of places, in YAML. Throws a `BackupError` that names the field that is wrong. */
export function readBackupPlaces(path: string): BackupPlaces {
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BackupError(`${path}: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // Values are not shown: an address may hold a password.
  const wrong = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join('.') || 'all of it'}: ${message}`,
  );
  throw new BackupError(`${path}: ${wrong.join('; ')}`);
}

/** The places of the native stack, as far as its plan has the parts. */
export function nativePlaces(
  { ports, dataDir }: StackSettings,
  { parts }: Pick<StackPlan, 'parts'>,
): BackupPlaces {
  const folders = stackFolders(dataDir);
  const secrets = openStackSecrets(folders.secrets);
  const has = (name: string): boolean => parts.some((part) => part.name === name);
  const url = (port: number) => `http://127.0.0.1:${port}`;
  return {
    gateway: { dataDir },
    ...(has('prometheus')
      ? { prometheus: { url: url(ports.PROMETHEUS_PORT), dataDir: prometheusData(folders.prometheus) } }
      : {}),
    ...(has('redis')
      ? {
          redis: {
            url: redisUrl({ port: ports.REDIS_PORT, password: secrets.redis }),
            dataDir: folders.redis,
          },
        }
      : {}),
    ...(has('postgres')
      ? { postgres: { url: postgresUrl({ port: ports.POSTGRES_PORT, password: secrets.postgres }) } }
      : {}),
    ...(has('alertmanager') ? { alertmanager: { url: url(ports.ALERTMANAGER_PORT) } } : {}),
  };
}

/** What saves and puts back the servers at these places. Throws where the programs for it are not there. */
export function backupParts({
  gateway,
  prometheus,
  redis,
  postgres,
  alertmanager,
}: BackupPlaces): BackupPart[] {
  const programs = postgres && (process.env['POSTGRES_PATH'] || installedPostgres());
  if (postgres && !programs)
    throw new BackupError('postgres: there is no pg_dump (apt-get install postgresql)');
  return [
    ...(gateway ? [gatewayPart({ dataDir: resolve(gateway.dataDir) })] : []),
    ...(prometheus ? [prometheusBackup(prometheus)] : []),
    ...(redis ? [redisBackup(redis)] : []),
    ...(postgres && programs ? [postgresBackup({ ...postgres, programs })] : []),
    ...(alertmanager ? [alertmanagerBackup(alertmanager)] : []),
  ];
}
