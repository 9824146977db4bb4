export type { AppInfo } from '@artel/telemetry-protocol';
export { createTelemetry } from './createTelemetry';
export type { Environment } from './environment';
export { inertTelemetry } from './inertTelemetry';
export { type ApiCallsOptions, apiCalls } from './integrations/apiCalls';
export { errors } from './integrations/errors';
export { pageLoad } from './integrations/pageLoad';
export { webVitals } from './integrations/webVitals';
export type {
  Integration,
  Logger,
  Metadata,
  Span,
  Stats,
  Telemetry,
  TelemetryOptions,
} from './telemetry';
