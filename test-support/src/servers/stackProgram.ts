import { existsSync } from 'node:fs';
import { freePort, onPath, type RunningServer, runServer, serverFolder } from './serverProcess';

/** A program of the stack that tests run for real: where it stands, as the environment or PATH says. */
export interface StackProgram {
  readonly name: string;
  readonly path: string | undefined;
}

/** How a program is told where to listen, and what answers once it does. */
export interface ProgramPlace {
  readonly folder: string;
  readonly address: string;
}

function program(variable: string, name: string): StackProgram {
  const given = process.env[variable];
  return { name, path: given !== undefined && existsSync(given) ? given : onPath(name) };
}

/** The programs that Debian has. */
export const stackPrograms = {
  prometheus: program('PROMETHEUS_PATH', 'prometheus'),
  promtool: program('PROMTOOL_PATH', 'promtool'),
  alertmanager: program('ALERTMANAGER_PATH', 'prometheus-alertmanager'),
  nodeExporter: program('NODE_EXPORTER_PATH', 'prometheus-node-exporter'),
  postgresExporter: program('POSTGRES_EXPORTER_PATH', 'prometheus-postgres-exporter'),
  blackboxExporter: program('BLACKBOX_EXPORTER_PATH', 'prometheus-blackbox-exporter'),
  redisExporter: program('REDIS_EXPORTER_PATH', 'prometheus-redis-exporter'),
} as const;

/** The path of a program; throws an error that says which one is missing. */
export function pathOf({ name, path }: StackProgram): string {
  if (path === undefined) throw new Error(`no ${name} on PATH`);
  return path;
}

/** Starts a program that answers HTTP on a free port of loopback, and waits until `ready` of it answers 200. */
export async function startProgram(
  what: StackProgram,
  argsFor: (place: ProgramPlace) => readonly string[],
  {
    ready = '/metrics',
    env = {},
  }: { readonly ready?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<RunningServer> {
  const folder = serverFolder(what.name);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return runServer(
    {
      name: what.name,
      program: pathOf(what),
      args: argsFor({ folder, address: `127.0.0.1:${port}` }),
      options: { cwd: folder, env: { ...process.env, ...env } },
      stopSignal: 'SIGKILL',
      async answers() {
        const { status } = await fetch(`${url}${ready}`);
        if (status !== 200) throw new Error(`status ${status}`);
      },
    },
    { port, url, folder },
  );
}
