export { type AmqpOptions, instrumentAmqp } from './amqp';
export type { ConnectionLogger } from './logConnection';
export { logSlowQueries, type SlowQueriesOptions } from './logSlowQueries';
export { instrumentPg, type PgOptions } from './pg';
export { instrumentRedis, type RedisLike, type RedisOptions } from './redis';
export { instrumentWebSocket, type WebSocketOptions } from './websocket';
