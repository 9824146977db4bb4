export type { Clock } from './clock';
export {
  ConfigError,
  type GatewayConfig,
  type LogLevelName,
  type OverloadBounds,
  type RequestLimits,
  readConfig,
} from './config';
export type { Environment } from './configEnvironment';
export type { ConnectionBounds } from './connections';
export type { OutputsConfig } from './outputs/outputsConfig';
export type { RedisSettings } from './redis/redisSettings';
export { createGateway, type Gateway, type GatewayDeps } from './server';
export { StoreTakenError } from './store';
export type { TelegramSettings } from './telegram/telegramSettings';
export type { Tenant, TenantLimits, TenantRates } from './tenants';
