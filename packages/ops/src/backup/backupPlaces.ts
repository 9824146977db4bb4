import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { alertmanagerBackup } from './alertmanagerBackup';
import { BackupError, type BackupPart } from './backupPart';
import { gatewayBackup } from './gatewayBackup';
import { postgresBackup } from './postgresBackup';
import { prometheusBackup } from './prometheusBackup';
import { redisBackup } from './redisBackup';

type Environment = Readonly<Record<string, string | undefined>>;

const placesSchema = z.strictObject({
  gateway: z.strictObject({ dataDir: z.string() }).optional(),
  prometheus: z.strictObject({ url: z.url(), dataDir: z.string() }).optional(),
  redis: z.strictObject({ url: z.url({ protocol: /^redis$/ }), dataDir: z.string() }).optional(),
  postgres: z.strictObject({ url: z.url({ protocol: /^postgres(ql)?$/ }) }).optional(),
  alertmanager: z.strictObject({ url: z.url() }).optional(),
});

/** Where each server is and keeps its data; a server that is not named is not saved. */
export type BackupPlaces = z.output<typeof placesSchema>;

/** Reads a file of places, in YAML. Throws a `BackupError` that names the file, or the field that is wrong. */
export function readBackupPlaces(path: string): BackupPlaces {
  if (!existsSync(path))
    throw new BackupError(
      `${path}: there is no file of places; has npm run stack been run? Else name one with --config`,
    );
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BackupError(`${path}: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = placesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  // Values are not shown: an address may hold a password.
  const wrong = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join('.') || 'all of it'}: ${message}`,
  );
  throw new BackupError(`${path}: ${wrong.join('; ')}`);
}

const POSTGRES = '/usr/lib/postgresql';

/**
 * The folder of PostgreSQL's clients: `POSTGRES_PATH`, or the first on `PATH`, or the newest of those that Debian keeps
 * for each version. Throws a `BackupError` where there is none.
 */
function postgresPrograms({ POSTGRES_PATH: named, PATH = '' }: Environment): string {
  const has = (folder: string): boolean => existsSync(join(folder, 'pg_dump'));
  if (named) {
    if (has(named)) return named;
    throw new BackupError(`postgres: POSTGRES_PATH: there is no pg_dump in ${named}`);
  }
  const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const folders = [...PATH.split(delimiter), ...newestFirst.map((name) => join(POSTGRES, name, 'bin'))];
  const found = folders.find((folder) => folder !== '' && has(folder));
  if (found !== undefined) return found;
  throw new BackupError('postgres: there is no pg_dump (apt-get install postgresql-client)');
}

export interface BackupPrograms {
  /** The gateway's program and its first arguments. */
  readonly gateway: readonly string[];
  readonly environment: Environment;
}

/** What saves and puts back the servers at these places. Throws where the programs for it are missing. */
export function backupParts(places: BackupPlaces, programs: BackupPrograms): readonly BackupPart[] {
  const { gateway, prometheus, redis, postgres, alertmanager } = places;
  return [
    ...(gateway ? [gatewayBackup({ dataDir: resolve(gateway.dataDir), command: programs.gateway })] : []),
    ...(prometheus ? [prometheusBackup(prometheus)] : []),
    ...(redis ? [redisBackup(redis)] : []),
    ...(postgres ? [postgresBackup({ ...postgres, programs: postgresPrograms(programs.environment) })] : []),
    ...(alertmanager ? [alertmanagerBackup(alertmanager)] : []),
  ];
}
