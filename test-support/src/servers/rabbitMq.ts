import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { connect } from 'amqplib';
import { findOnPath, isMissing, pathOf } from '../programs/findProgram';
import { launch } from '../programs/launch';
import { freePort } from '../programs/port';
import { type RunningServer, serverFolder, startServer } from './runningServer';

/** Where there is no RabbitMQ the tests are skipped; in CI they fail. */
export const withoutRabbitMq = isMissing('rabbitMq');

/** Ms after which Erlang's disk_log has written what it was given: a queue that was declared just before is lost else. */
const FLUSHED = 2_500;

/** What a RabbitMQ has beside its own: plugins by name, and lines of `rabbitmq.conf`. */
export interface RabbitMqExtras {
  readonly plugins?: readonly string[];
  readonly settings?: readonly string[];
}

/**
 * Starts a real RabbitMQ on free ports, with a port mapper of its own, so that it meets no other node of the machine. It
 * keeps durable queues over `stop` and `start`. Takes some seconds.
 */
export async function startRabbitMq({
  plugins = [],
  settings = [],
}: RabbitMqExtras = {}): Promise<RunningServer> {
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
  const mapper = await launch({
    name: 'epmd',
    command: findOnPath(['epmd']) ?? 'epmd',
    // Debugging keeps it in the foreground, and has it print that it listens.
    args: ['-d', '-port', String(mapperPort), '-address', '127.0.0.1'],
    env,
    ready: /epmd running/,
    group: true,
  });
  const answers = async (): Promise<void> => {
    const connection = await connect(url);
    connection.on('error', () => {});
    await connection.close();
  };
  const server = await startServer(
    { name: 'rabbitmq-server', command: pathOf('rabbitMq'), args: [], env, cwd: folder, ready: answers },
    { port, url, folder },
  ).catch(async (error: unknown) => {
    await mapper.stop('SIGKILL');
    throw error;
  });
  return {
    ...server,
    async stop(signal) {
      await later(FLUSHED);
      await server.stop(signal);
    },
    async close() {
      await server.close();
      await mapper.stop('SIGKILL');
    },
  };
}
