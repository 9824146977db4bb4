export type { Clock } from './clock';
export { ConfigError, type GatewayConfig, type LogLevelName, readConfig } from './config';
export type { QueueRecord } from './enrich';
export type { LedgerEntry } from './ledger';
export type { CounterSeries, HistogramSeries, LabelPair, Series } from './series';
export { createGateway, type Gateway, type GatewayDeps } from './server';
export { type Changes, type KeptEntry, openStore, type Store, StoreTakenError } from './store';
