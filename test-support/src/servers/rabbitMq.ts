import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { onTestFinished } from 'vitest';
import {
  freePort,
  later,
  onPath,
  type RunningServer,
  runServer,
  serverFolder,
  startGroup,
} from './serverProcess';

// Debian's own command on PATH changes the user first; this is what it calls.
const DEBIAN = '/usr/lib/rabbitmq/bin/rabbitmq-server';

const program =
  process.env['RABBITMQ_SERVER_PATH'] ?? (existsSync(DEBIAN) ? DEBIAN : onPath('rabbitmq-server'));

/** Where there is no RabbitMQ the tests are skipped; in CI they fail. */
export const withoutRabbitMq = program === undefined && !process.env['CI'];

/** What a RabbitMQ has beside its own: plugins by name, and lines of `rabbitmq.conf`. */
export interface RabbitMqExtras {
  readonly plugins?: readonly string[];
  readonly settings?: readonly string[];
}

/**
 * Starts a real RabbitMQ on free ports, with a port mapper of its own, so that it meets no other node of the machine. It
 * keeps durable queues over `stop` and `start`. Takes some seconds.
 */
export async function launchRabbitMq({
  plugins = [],
  settings = [],
}: RabbitMqExtras = {}): Promise<RunningServer> {
  if (program === undefined) throw new Error('RABBITMQ_SERVER_PATH: expected the path of rabbitmq-server');
  const folder = serverFolder('rabbitmq');
  const [port, distributionPort, mapperPort] = [await freePort(), await freePort(), await freePort()];
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  for (const name of ['home', 'data', 'log']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'plugins'), `[${plugins.join(',')}].\n`);
  writeFileSync(
    join(folder, 'rabbitmq.conf'),
    `${['loopback_users.guest = true', ...settings].join('\n')}\n`,
  );
  writeFileSync(join(folder, 'environment'), '');
  const env = {
    ...process.env,
    HOME: join(folder, 'home'),
    ERL_EPMD_PORT: String(mapperPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `artel${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'environment'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
  };
  // The node would start the mapper as a daemon, which nobody ends.
  const mapper = startGroup(
    onPath('epmd') ?? 'epmd',
    ['-port', String(mapperPort), '-address', '127.0.0.1'],
    {
      env,
    },
  );
  await later(200);
  const answers = async (): Promise<void> => {
    const connection = await connect(url);
    connection.on('error', () => {});
    await connection.close();
  };
  const server = await runServer(
    {
      name: 'rabbitmq-server',
      program,
      args: [],
      options: { env, cwd: folder },
      stopSignal: 'SIGKILL',
      answers,
    },
    { port, url, folder },
  );
  return {
    ...server,
    async close() {
      await server.close();
      mapper.signal('SIGKILL');
    },
  };
}

/** A RabbitMQ of the running test's own. */
export async function startRabbitMq(): Promise<RunningServer> {
  const server = await launchRabbitMq();
  onTestFinished(() => server.close());
  return server;
}
