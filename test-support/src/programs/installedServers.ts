import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findOnPath } from './debianPackage';

const POSTGRES = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs, which Debian keeps off PATH, one for each version: the newest. */
export function installedPostgres(): string | undefined {
  const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(POSTGRES, version, 'bin'));
  const initdb = findOnPath(['initdb']);
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? (initdb && dirname(initdb));
}

// Debian's command on PATH changes the user first; this is what it calls.
const RABBITMQ = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** A rabbitmq-server that runs as whoever starts it. */
export function installedRabbitMq(): string | undefined {
  return existsSync(RABBITMQ) ? RABBITMQ : undefined;
}
