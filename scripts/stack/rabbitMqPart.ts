import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath } from '@artel/test-support/programs/findProgram';
import type { Launch } from '@artel/test-support/programs/launch';

export interface RabbitMqPlace {
  readonly program: string;
  readonly port: number;
  /** Where its plugin shows its metrics. */
  readonly metricsPort: number;
  readonly distributionPort: number;
  /** Of the mapper of Erlang's nodes. */
  readonly mapperPort: number;
  readonly folder: string;
  readonly password: string;
}

const USER = 'artel';

/** The address of the stack's RabbitMQ; holds the password. */
export function rabbitMqUrl({ port, password }: Pick<RabbitMqPlace, 'port' | 'password'>): string {
  return `amqp://${USER}:${password}@127.0.0.1:${port}`;
}

/** RabbitMQ with its plugin for Prometheus, and before it a port mapper of its own, so that it meets no other node. */
export function rabbitMqParts(place: RabbitMqPlace): readonly [mapper: Launch, server: Launch] {
  const { program, port, metricsPort, distributionPort, mapperPort, folder, password } = place;
  for (const name of ['home', 'data', 'log']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const env = {
    HOME: join(folder, 'home'),
    ERL_EPMD_PORT: String(mapperPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'artel@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: write('plugins', '[rabbitmq_prometheus].\n'),
    RABBITMQ_CONFIG_FILE: write(
      'rabbitmq.conf',
      `default_user = ${USER}
default_pass = ${password}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = ${metricsPort}
`,
    ),
    RABBITMQ_CONF_ENV_FILE: write('environment', ''),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
  };
  return [
    {
      name: 'rabbitmq-mapper',
      command: findOnPath(['epmd']) ?? 'epmd',
      // Debugging keeps it in the foreground, and has it say that it listens.
      args: ['-d', '-port', String(mapperPort), '-address', '127.0.0.1'],
      group: true,
      ready: /epmd running/,
    },
    {
      name: 'rabbitmq',
      command: program,
      args: [],
      cwd: folder,
      env,
      grace: 20_000,
      group: true,
      ready: /completed with \d+ plugins/,
    },
  ];
}
