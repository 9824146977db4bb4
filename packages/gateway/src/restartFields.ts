import type { GatewayConfig } from './config';
import { DEFAULT_TENANT } from './tenants';

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

/** Tenants whose declared metrics are others: their series in memory have the buckets of before. */
function metricsFields(running: GatewayConfig, next: GatewayConfig): string[] {
  const before = new Map(running.tenants.map(({ id, metrics }) => [id, JSON.stringify(metrics)]));
  return next.tenants
    .filter(({ id, metrics }) => before.has(id) && before.get(id) !== JSON.stringify(metrics))
    .map(({ id }) => (id === DEFAULT_TENANT ? 'metrics' : `metrics of ${id}`));
}

/** Names of the fields in which two configurations differ and that a running gateway cannot change. */
export function restartFields(running: GatewayConfig, next: GatewayConfig): string[] {
  const names = Object.entries(fields)
    .filter(([, read]) => JSON.stringify(read(running)) !== JSON.stringify(read(next)))
    .map(([name]) => name);
  return [...names, ...metricsFields(running, next)];
}
