import { existsSync } from 'node:fs';
import { findOnPath } from '@artel/test-support/programs/debianPackage';
import { installedPostgres, installedRabbitMq } from '@artel/test-support/programs/installedServers';

/** What runs the parts that are not ours. */
export interface StackPrograms {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly nodeExporter: string;
  /** The folder of `initdb` and `postgres`. */
  readonly postgres: string;
  readonly postgresExporter: string;
  readonly redis: string;
  readonly redisExporter: string;
  readonly rabbitMq: string;
}

interface Place {
  /** Overrides what is found. */
  readonly variable: string;
  readonly debianPackage: string;
  readonly find: () => string | undefined;
}

const onPath =
  (...names: readonly string[]) =>
  () =>
    findOnPath(names);

const places: Readonly<Record<keyof StackPrograms, Place>> = {
  prometheus: { variable: 'PROMETHEUS_PATH', debianPackage: 'prometheus', find: onPath('prometheus') },
  alertmanager: {
    variable: 'ALERTMANAGER_PATH',
    debianPackage: 'prometheus-alertmanager',
    find: onPath('prometheus-alertmanager', 'alertmanager'),
  },
  nodeExporter: {
    variable: 'NODE_EXPORTER_PATH',
    debianPackage: 'prometheus-node-exporter',
    find: onPath('prometheus-node-exporter', 'node_exporter'),
  },
  postgres: { variable: 'POSTGRES_PATH', debianPackage: 'postgresql', find: installedPostgres },
  postgresExporter: {
    variable: 'POSTGRES_EXPORTER_PATH',
    debianPackage: 'prometheus-postgres-exporter',
    find: onPath('prometheus-postgres-exporter', 'postgres_exporter'),
  },
  redis: { variable: 'REDIS_SERVER_PATH', debianPackage: 'redis-server', find: onPath('redis-server') },
  redisExporter: {
    variable: 'REDIS_EXPORTER_PATH',
    debianPackage: 'prometheus-redis-exporter',
    find: onPath('prometheus-redis-exporter', 'redis_exporter'),
  },
  rabbitMq: { variable: 'RABBITMQ_SERVER_PATH', debianPackage: 'rabbitmq-server', find: installedRabbitMq },
};

/** The Debian package that has a program. */
export const debianPackageOf = (program: keyof StackPrograms): string => places[program].debianPackage;

/** Finds what the machine has. Throws where a variable names a program that is not there. */
export function findStackPrograms(env: Readonly<Record<string, string | undefined>>): Partial<StackPrograms> {
  const found: Partial<Record<keyof StackPrograms, string>> = {};
  for (const program of Object.keys(places) as (keyof StackPrograms)[]) {
    const { variable, find } = places[program];
    const named = env[variable];
    if (named && !existsSync(named)) throw new Error(`${variable}: there is no ${named}`);
    const path = named || find();
    if (path !== undefined) found[program] = path;
  }
  return found;
}
