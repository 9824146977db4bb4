import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { debianPackageOf } from '@artel/test-support/programs/findProgram';
import { gameService, gatewayService, miniApp } from '@artel/test-support/servers/demo';
import { alertmanagerPart } from './alertmanagerPart';
import { nodeExporter, postgresExporter, redisExporter } from './exporterParts';
import { postgresObstacle, postgresPart, postgresUrl } from './postgresPart';
import { prometheusPart } from './prometheusPart';
import { rabbitMqParts, rabbitMqUrl } from './rabbitMqPart';
import { redisPart, redisUrl } from './redisPart';
import type { StackPart } from './stackPart';
import type { StackPrograms } from './stackPrograms';
import { openStackSecrets } from './stackSecrets';
import type { StackSettings } from './stackSettings';
import type { Target } from './targets';

/** What is about to be started, and what is not. */
export interface StackPlan {
  readonly parts: readonly StackPart[];
  /** A line for each part that is not started: why, and how to have it. */
  readonly skipped: readonly string[];
}

/** Folders of the parts below `DATA_DIR`; the gateway and the game service have theirs beside these. */
export const stackFolders = (dataDir: string) => ({
  secrets: join(dataDir, 'secrets'),
  postgres: join(dataDir, 'postgres'),
  redis: join(dataDir, 'redis'),
  rabbitMq: join(dataDir, 'rabbitmq'),
  prometheus: join(dataDir, 'prometheus'),
  alertmanager: join(dataDir, 'alertmanager'),
});

const CONTAINERS_ONLY = 'Grafana, Loki, Tempo and Alloy: in containers only (observability/compose.yaml)';

const loopback = (port: number): string => `http://127.0.0.1:${port}`;

function targetsOf(parts: readonly StackPart[]): Target[] {
  return parts.flatMap(({ scraped }) =>
    scraped ? [{ job: scraped.job, service: scraped.service, address: `127.0.0.1:${scraped.port}` }] : [],
  );
}

/** Says what of the stack this machine can run, and how. Nothing is started, and nothing written but passwords that are new. */
export function planStack({ ports, dataDir }: StackSettings, programs: Partial<StackPrograms>): StackPlan {
  const folders = stackFolders(dataDir);
  // To be entered by the users that servers run as; what is in it guards itself.
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const secrets = openStackSecrets(folders.secrets);
  const postgres = { port: ports.POSTGRES_PORT, folder: folders.postgres, password: secrets.postgres };
  const redis = { port: ports.REDIS_PORT, folder: folders.redis, password: secrets.redis };
  const rabbitMq = {
    port: ports.RABBITMQ_PORT,
    metricsPort: ports.RABBITMQ_METRICS_PORT,
    distributionPort: ports.RABBITMQ_DISTRIBUTION_PORT,
    mapperPort: ports.RABBITMQ_MAPPER_PORT,
    folder: folders.rabbitMq,
    password: secrets.rabbitMq,
  };

  const skipped: string[] = [];
  const parts: StackPart[] = [];
  /** Adds the parts that a program runs, or a line that says why not; answers whether they are there. */
  const add = (
    name: keyof StackPrograms,
    title: string,
    make: (program: string) => readonly StackPart[],
    obstacle?: string,
  ): boolean => {
    const program = programs[name];
    if (program === undefined) skipped.push(`${title}: apt-get install ${debianPackageOf(name)}`);
    else if (obstacle !== undefined) skipped.push(`${title}: ${obstacle}`);
    else parts.push(...make(program));
    return program !== undefined && obstacle === undefined;
  };

  const hasPostgres = add(
    'postgres',
    'PostgreSQL',
    (bin) => [
      { name: 'postgres', step: 'servers', launch: () => postgresPart({ ...postgres, programs: bin }) },
    ],
    postgresObstacle(folders.postgres),
  );
  const hasRedis = add('redis', 'Redis', (program) => [
    { name: 'redis', step: 'servers', launch: () => redisPart({ ...redis, program }) },
  ]);
  const hasRabbitMq = add('rabbitMq', 'RabbitMQ', (program) => [
    { name: 'rabbitmq-mapper', step: 'mappers', launch: () => rabbitMqParts({ ...rabbitMq, program })[0] },
    {
      name: 'rabbitmq',
      step: 'servers',
      launch: () => rabbitMqParts({ ...rabbitMq, program })[1],
      scraped: { job: 'rabbitmq', service: 'rabbitmq', port: rabbitMq.metricsPort },
    },
  ]);

  const places = {
    miniAppPort: ports.PORT,
    gatewayPort: ports.GATEWAY_PORT,
    gamePort: ports.GAME_PORT,
    dataDir,
  };
  parts.push(
    {
      name: 'gateway',
      step: 'servers',
      launch: () => ({ ...gatewayService(places), group: true }),
      scraped: { job: 'artel-gateway', service: 'gateway', port: ports.GATEWAY_PORT },
      addresses: [
        { title: 'Gateway', url: `${loopback(ports.GATEWAY_PORT)}/metrics` },
        { title: 'Live page', url: `${loopback(ports.GATEWAY_PORT)}/live` },
      ],
    },
    {
      name: 'game-service',
      step: 'apps',
      launch: () => {
        const launch = gameService(places);
        const servers = {
          ...(hasPostgres ? { DATABASE_URL: postgresUrl(postgres) } : {}),
          ...(hasRedis ? { REDIS_URL: redisUrl(redis) } : {}),
          ...(hasRabbitMq ? { AMQP_URL: rabbitMqUrl(rabbitMq) } : {}),
        };
        return { ...launch, group: true, env: { ...launch.env, ...servers } };
      },
      scraped: { job: 'artel-game-service', service: 'game-service', port: ports.GAME_PORT },
      addresses: [{ title: 'Game service', url: `${loopback(ports.GAME_PORT)}/health` }],
    },
    {
      name: 'mini-app',
      step: 'apps',
      launch: () => ({ ...miniApp(places), group: true }),
      addresses: [{ title: 'Artel Billiards', url: loopback(ports.PORT) }],
    },
  );

  if (hasPostgres) {
    add('postgresExporter', 'Exporter for PostgreSQL', (program) => [
      {
        name: 'postgres-exporter',
        step: 'apps',
        launch: () => postgresExporter({ program, port: ports.POSTGRES_EXPORTER_PORT, server: postgres }),
        scraped: { job: 'postgres', service: 'postgres', port: ports.POSTGRES_EXPORTER_PORT },
      },
    ]);
  }
  if (hasRedis) {
    add('redisExporter', 'Exporter for Redis', (program) => [
      {
        name: 'redis-exporter',
        step: 'apps',
        launch: () => redisExporter({ program, port: ports.REDIS_EXPORTER_PORT, server: redis }),
        scraped: { job: 'redis', service: 'redis', port: ports.REDIS_EXPORTER_PORT },
      },
    ]);
  }
  add('nodeExporter', 'Exporter for the machine', (program) => [
    {
      name: 'node-exporter',
      step: 'servers',
      launch: () => nodeExporter({ program, port: ports.NODE_EXPORTER_PORT }),
      scraped: { job: 'node', service: 'node', port: ports.NODE_EXPORTER_PORT },
    },
  ]);
  // Last, when what it scrapes is there: the first thing that it says shall not be that everything is away.
  add('prometheus', 'Prometheus', (program) => [
    {
      name: 'prometheus',
      step: 'watchers',
      launch: () => {
        const place = { program, port: ports.PROMETHEUS_PORT, folder: folders.prometheus };
        return prometheusPart({ ...place, targets: targetsOf(parts) });
      },
      scraped: { job: 'prometheus', service: 'prometheus', port: ports.PROMETHEUS_PORT },
      addresses: [{ title: 'Prometheus', url: loopback(ports.PROMETHEUS_PORT) }],
    },
  ]);
  add('alertmanager', 'Alertmanager', (program) => [
    {
      name: 'alertmanager',
      step: 'watchers',
      launch: () =>
        alertmanagerPart({ program, port: ports.ALERTMANAGER_PORT, folder: folders.alertmanager }),
      scraped: { job: 'alertmanager', service: 'alertmanager', port: ports.ALERTMANAGER_PORT },
      addresses: [{ title: 'Alertmanager', url: loopback(ports.ALERTMANAGER_PORT) }],
    },
  ]);
  skipped.push(CONTAINERS_ONLY);
  return { parts, skipped };
}
