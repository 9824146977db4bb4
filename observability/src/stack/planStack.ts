import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Launch } from '../../../scripts/launch';
import { gameService, gatewayService, miniApp, type Places } from '../../../scripts/services';
import { alertmanagerConfiguration, alertmanagerPart } from './alertmanagerPart';
import { nodeExporter, postgresExporter, redisExporter } from './exporterParts';
import { postgresObstacle, postgresPart, postgresUrl } from './postgresPart';
import { prometheusPart } from './prometheusPart';
import { rabbitMqParts, rabbitMqUrl } from './rabbitMqPart';
import { redisPart, redisUrl } from './redisPart';
import { debianPackageOf, type StackPrograms } from './stackPrograms';
import { openStackSecrets } from './stackSecrets';
import type { StackSettings } from './stackSettings';
import type { Target } from './targets';

/** An address for a person to open. */
export interface Address {
  readonly title: string;
  readonly url: string;
}

/** Everything that is about to be started, and what is not. */
export interface StackPlan {
  /** One after the other; the launches of one step beside each other. Made when it is their turn. */
  readonly steps: readonly (readonly (() => Launch)[])[];
  readonly addresses: readonly Address[];
  readonly targets: readonly Target[];
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

/** Says what of the stack this machine can run, and how. Nothing is started, and nothing written but the passwords that are new. */
export function planStack({ ports, dataDir }: StackSettings, programs: Partial<StackPrograms>): StackPlan {
  const folders = stackFolders(dataDir);
  // To be entered by the users that servers run as; what is in it guards itself.
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const secrets = openStackSecrets(folders.secrets);
  const skipped: string[] = [];
  /** The program, or nothing and a line that says why. */
  const programFor = (name: keyof StackPrograms, title: string, obstacle?: string): string | undefined => {
    const program = programs[name];
    if (program === undefined) skipped.push(`${title}: apt-get install ${debianPackageOf(name)}`);
    else if (obstacle !== undefined) skipped.push(`${title}: ${obstacle}`);
    else return program;
    return undefined;
  };

  const postgresBin = programFor('postgres', 'PostgreSQL', postgresObstacle(folders.postgres));
  const postgres = postgresBin && {
    programs: postgresBin,
    port: ports.POSTGRES_PORT,
    folder: folders.postgres,
    password: secrets.postgres,
  };
  const redisProgram = programFor('redis', 'Redis');
  const redis = redisProgram && {
    program: redisProgram,
    port: ports.REDIS_PORT,
    folder: folders.redis,
    password: secrets.redis,
  };
  const rabbitProgram = programFor('rabbitMq', 'RabbitMQ');
  const rabbitMq = rabbitProgram && {
    program: rabbitProgram,
    port: ports.RABBITMQ_PORT,
    metricsPort: ports.RABBITMQ_METRICS_PORT,
    distributionPort: ports.RABBITMQ_DISTRIBUTION_PORT,
    mapperPort: ports.RABBITMQ_MAPPER_PORT,
    folder: folders.rabbitMq,
    password: secrets.rabbitMq,
  };
  const postgresExporterProgram = postgres && programFor('postgresExporter', 'Exporter for PostgreSQL');
  const redisExporterProgram = redis && programFor('redisExporter', 'Exporter for Redis');
  const nodeExporterProgram = programFor('nodeExporter', 'Exporter for the machine');
  const prometheusProgram = programFor('prometheus', 'Prometheus');
  const alertmanagerProgram = programFor(
    'alertmanager',
    'Alertmanager',
    existsSync(alertmanagerConfiguration) ? undefined : `there is no ${alertmanagerConfiguration}`,
  );
  skipped.push(CONTAINERS_ONLY);

  const target = (there: unknown, job: string, service: string, port: number): Target[] =>
    there ? [{ job, service, address: `127.0.0.1:${port}` }] : [];
  const targets = [
    ...target(true, 'artel-gateway', 'gateway', ports.GATEWAY_PORT),
    ...target(true, 'artel-game-service', 'game-service', ports.GAME_PORT),
    ...target(prometheusProgram, 'prometheus', 'prometheus', ports.PROMETHEUS_PORT),
    ...target(alertmanagerProgram, 'alertmanager', 'alertmanager', ports.ALERTMANAGER_PORT),
    ...target(nodeExporterProgram, 'node', 'node', ports.NODE_EXPORTER_PORT),
    ...target(postgresExporterProgram, 'postgres', 'postgres', ports.POSTGRES_EXPORTER_PORT),
    ...target(redisExporterProgram, 'redis', 'redis', ports.REDIS_EXPORTER_PORT),
    ...target(rabbitMq, 'rabbitmq', 'rabbitmq', ports.RABBITMQ_METRICS_PORT),
  ];

  const places: Places = {
    miniAppPort: ports.PORT,
    gatewayPort: ports.GATEWAY_PORT,
    gamePort: ports.GAME_PORT,
    dataDir,
  };
  const game = (): Launch => {
    const launch = gameService(places);
    return {
      ...launch,
      group: true,
      env: {
        ...launch.env,
        ...(postgres ? { DATABASE_URL: postgresUrl(postgres) } : {}),
        ...(redis ? { REDIS_URL: redisUrl(redis) } : {}),
        ...(rabbitMq ? { AMQP_URL: rabbitMqUrl(rabbitMq) } : {}),
      },
    };
  };
  const when = <T>(value: T | undefined | '', make: (value: T) => () => Launch): (() => Launch)[] =>
    value ? [make(value)] : [];
  const loopback = (port: number) => `http://127.0.0.1:${port}`;
  const address = (there: unknown, title: string, url: string): Address[] => (there ? [{ title, url }] : []);

  return {
    steps: [
      when(rabbitMq, (place) => () => rabbitMqParts(place)[0]),
      [
        ...when(postgres, (place) => () => postgresPart(place)),
        ...when(redis, (place) => () => redisPart(place)),
        ...when(rabbitMq, (place) => () => rabbitMqParts(place)[1]),
        ...when(
          nodeExporterProgram,
          (program) => () => nodeExporter({ program, port: ports.NODE_EXPORTER_PORT }),
        ),
        () => ({ ...gatewayService(places), group: true }),
      ],
      [
        ...when(
          postgresExporterProgram,
          (program) => () =>
            postgresExporter({
              program,
              port: ports.POSTGRES_EXPORTER_PORT,
              server: { port: ports.POSTGRES_PORT, password: secrets.postgres },
            }),
        ),
        ...when(
          redisExporterProgram,
          (program) => () =>
            redisExporter({
              program,
              port: ports.REDIS_EXPORTER_PORT,
              server: { port: ports.REDIS_PORT, password: secrets.redis },
            }),
        ),
        game,
        () => ({ ...miniApp(places), group: true }),
      ],
      // When what it scrapes is there: the first thing that it says shall not be that everything is away.
      [
        ...when(
          alertmanagerProgram,
          (program) => () =>
            alertmanagerPart({ program, port: ports.ALERTMANAGER_PORT, folder: folders.alertmanager }),
        ),
        ...when(
          prometheusProgram,
          (program) => () =>
            prometheusPart({ program, port: ports.PROMETHEUS_PORT, folder: folders.prometheus, targets }),
        ),
      ],
    ],
    addresses: [
      { title: 'Artel Billiards', url: loopback(ports.PORT) },
      { title: 'Gateway', url: `${loopback(ports.GATEWAY_PORT)}/metrics` },
      { title: 'Live page', url: `${loopback(ports.GATEWAY_PORT)}/live` },
      { title: 'Game service', url: `${loopback(ports.GAME_PORT)}/health` },
      ...address(prometheusProgram, 'Prometheus', loopback(ports.PROMETHEUS_PORT)),
      ...address(alertmanagerProgram, 'Alertmanager', loopback(ports.ALERTMANAGER_PORT)),
    ],
    targets,
    skipped,
  };
}
