import { resolve } from 'node:path';

/**
 * Where each part listens, all on 127.0.0.1, by the variable that says otherwise. Not on the usual ports of these
 * servers: Debian starts its own there when a package is installed.
 */
const defaultPorts = {
  PORT: 4173,
  GATEWAY_PORT: 4320,
  GAME_PORT: 4330,
  POSTGRES_PORT: 4332,
  RABBITMQ_PORT: 4372,
  RABBITMQ_DISTRIBUTION_PORT: 4373,
  RABBITMQ_MAPPER_PORT: 4374,
  REDIS_PORT: 4379,
  POSTGRES_EXPORTER_PORT: 4387,
  REDIS_EXPORTER_PORT: 4388,
  RABBITMQ_METRICS_PORT: 4389,
  PROMETHEUS_PORT: 4390,
  NODE_EXPORTER_PORT: 4391,
  ALERTMANAGER_PORT: 4393,
} as const;

/** A variable that names a port of the stack. */
export type PortVariable = keyof typeof defaultPorts;

/** Where the native stack listens and keeps what it must not forget. */
export interface StackSettings {
  readonly ports: Readonly<Record<PortVariable, number>>;
  /** Absolute. */
  readonly dataDir: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const portVariables = Object.keys(defaultPorts) as readonly PortVariable[];

function readPort(env: Environment, variable: PortVariable): number {
  const text = env[variable];
  if (!text) return defaultPorts[variable];
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port > 0 && port < 65_536) return port;
  throw new Error(`${variable} must be a port from 1 to 65535, got ${JSON.stringify(text)}`);
}

/** Reads the ports and `DATA_DIR` (`.data`). Throws an error that names a variable that is wrong, or two of one port. */
export function readStackSettings(env: Environment): StackSettings {
  const pairs = portVariables.map((variable) => [variable, readPort(env, variable)] as const);
  for (const [variable, port] of pairs) {
    const [first] = pairs.find(([, other]) => other === port) ?? [];
    if (first !== variable) throw new Error(`${first} and ${variable} are both ${port}; each needs its own`);
  }
  return {
    ports: Object.fromEntries(pairs) as Record<PortVariable, number>,
    dataDir: resolve(env['DATA_DIR'] || '.data'),
  };
}
