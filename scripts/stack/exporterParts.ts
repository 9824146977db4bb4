import type { Launch } from '@artel/test-support/programs/launch';
import { POSTGRES_NAME } from './postgresPart';

interface Exporter {
  readonly program: string;
  /** Where it shows what it has found out. */
  readonly port: number;
}

/** The machine: CPU, memory, disks, network. */
export function nodeExporter({ program, port }: Exporter): Launch {
  return {
    name: 'node-exporter',
    command: program,
    args: [`--web.listen-address=127.0.0.1:${port}`],
    group: true,
    ready: /Listening on|TLS is disabled/,
  };
}

export function postgresExporter({
  program,
  port,
  server,
}: Exporter & { readonly server: { readonly port: number; readonly password: string } }): Launch {
  return {
    name: 'postgres-exporter',
    command: program,
    args: [`--web.listen-address=127.0.0.1:${port}`],
    env: {
      DATA_SOURCE_URI: `127.0.0.1:${server.port}/${POSTGRES_NAME}?sslmode=disable`,
      DATA_SOURCE_USER: POSTGRES_NAME,
      DATA_SOURCE_PASS: server.password,
    },
    group: true,
    ready: /Listening on|TLS is disabled/,
  };
}

export function redisExporter({
  program,
  port,
  server,
}: Exporter & { readonly server: { readonly port: number; readonly password: string } }): Launch {
  return {
    name: 'redis-exporter',
    command: program,
    args: [`-web.listen-address=127.0.0.1:${port}`],
    env: { REDIS_ADDR: `redis://127.0.0.1:${server.port}`, REDIS_PASSWORD: server.password },
    group: true,
    ready: /Providing metrics at/,
  };
}
