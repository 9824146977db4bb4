import type { GatewayConfig } from './config';

/** What is read once, as the gateway is made, by its name in the file. */
const fields: Readonly<Record<string, (config: GatewayConfig) => unknown>> = {
  host: ({ host }) => host,
  port: ({ port }) => port,
  dataDir: ({ dataDir }) => dataDir,
  secret: ({ secret }) => secret,
  previousSecret: ({ previousSecret }) => previousSecret,
  trustProxy: ({ trustProxy }) => trustProxy,
  connections: ({ connections }) => connections,
  'admin.host': ({ admin }) => admin.listen?.host,
  'admin.port': ({ admin }) => admin.listen?.port,
  redis: ({ redis }) => redis,
};

/** Names of the fields in which two configurations differ and that a running gateway cannot change. */
export function restartFields(running: GatewayConfig, next: GatewayConfig): string[] {
  return Object.entries(fields)
    .filter(([, read]) => JSON.stringify(read(running)) !== JSON.stringify(read(next)))
    .map(([name]) => name);
}
