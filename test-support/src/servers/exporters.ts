import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, pathOf } from '../programs/findProgram';
import { freePort } from '../programs/port';
import { answers } from '../programs/waitUntil';
import { type RunningServer, serverFolder, startServer } from './runningServer';

interface Exporter {
  readonly program: Program;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

/** Starts an exporter on a free port of loopback, and waits until it answers for its metrics. */
async function startExporter({
  program,
  args = [],
  env = {},
  folder = serverFolder(program),
}: Exporter): Promise<RunningServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return startServer(
    {
      name: program,
      command: pathOf(program),
      args: [`--web.listen-address=127.0.0.1:${port}`, ...args],
      env,
      cwd: folder,
      ready: () => answers(`${url}/metrics`),
    },
    { port, url, folder },
  );
}

/** Starts node_exporter, without metrics of itself; `textfiles`, a folder, is all that it reads if it is given. */
export function startNodeExporter(textfiles?: string): Promise<RunningServer> {
  const collectors = textfiles
    ? ['--collector.disable-defaults', '--collector.textfile', `--collector.textfile.directory=${textfiles}`]
    : [];
  return startExporter({
    program: 'nodeExporter',
    args: ['--web.disable-exporter-metrics', ...collectors],
  });
}

/** Starts the exporter of the PostgreSQL at a URL. */
export function startPostgresExporter(url: string): Promise<RunningServer> {
  return startExporter({
    program: 'postgresExporter',
    env: { DATA_SOURCE_NAME: `${url}?sslmode=disable` },
  });
}

/** Starts the exporter of the Redis at a URL. */
export function startRedisExporter(url: string): Promise<RunningServer> {
  return startExporter({ program: 'redisExporter', args: [`--redis.addr=${url}`] });
}

/** Starts the blackbox exporter with the text of a configuration. */
export function startBlackboxExporter(config: string): Promise<RunningServer> {
  const folder = serverFolder('blackbox');
  const file = join(folder, 'blackbox.yml');
  writeFileSync(file, config);
  return startExporter({ program: 'blackboxExporter', folder, args: [`--config.file=${file}`] });
}
