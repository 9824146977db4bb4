export type { AppInfo } from '@artel/telemetry-protocol';
export type { LaunchParams } from '@artel/telemetry-protocol/scrub';
export { createTelemetry } from './createTelemetry';
export type { Environment } from './environment';
export { inertTelemetry } from './inertTelemetry';
export { type ApiCallsOptions, apiCalls } from './integrations/apiCalls';
export { errors } from './integrations/errors';
export { pageLoad } from './integrations/pageLoad';
export { takeLaunchParams } from './integrations/telegram/takeLaunchParams';
export { type TelegramOptions, telegram } from './integrations/telegram/telegram';
export { webVitals } from './integrations/webVitals';
export type {
  AskToken,
  Host,
  Integration,
  Logger,
  Metadata,
  SessionToken,
  Span,
  Stats,
  Telemetry,
  TelemetryOptions,
} from './telemetry';
