export type { AppInfo } from '@artel/telemetry-protocol';
export type { LaunchParams } from '@artel/telemetry-protocol/scrub';
export { createTelemetry } from './createTelemetry';
export { inertTelemetry } from './inertTelemetry';
export { type ApiCallsOptions, apiCalls } from './integrations/apiCalls/apiCalls';
export { defaultIntegrations } from './integrations/defaultIntegrations';
export { errors } from './integrations/errors';
export { pageLoad } from './integrations/pageLoad';
export { takeLaunchParams } from './integrations/telegram/takeLaunchParams';
export { type TelegramOptions, telegram } from './integrations/telegram/telegram';
export { webVitals } from './integrations/webVitals/webVitals';
export type { Environment } from './page/environment';
export { eventIdOf } from './record/errorMemory';
export type {
  AskToken,
  Contribution,
  Integration,
  IntegrationHost,
  Logger,
  Metadata,
  SessionToken,
  Span,
  Stats,
  TelegramEventData,
  Telemetry,
  TelemetryOptions,
} from './telemetry';
