export {
  type AppInfo,
  type AskToken,
  apiCalls,
  errors,
  type Host,
  type Integration,
  type LaunchParams,
  type Logger,
  type Metadata,
  pageLoad,
  type SessionToken,
  type Span,
  type Stats,
  type TelegramOptions,
  type Telemetry,
  type TelemetryOptions,
  takeLaunchParams,
  telegram,
  webVitals,
} from '@artel/telemetry-core';
export { defineMetrics, type MetricsDeclaration } from '@artel/telemetry-protocol';
export type { SentryOptions } from '@artel/telemetry-sentry';
export {
  type CaptureScope,
  ErrorBoundary,
  type ErrorBoundaryProps,
  type FallbackProps,
} from './ErrorBoundary';
export { type InitOptions, initTelemetry } from './initTelemetry';
export { type ReactErrorHandlers, reactErrorHandlers } from './reactErrorHandlers';
export { TelemetryProvider, type TelemetryProviderProps } from './TelemetryProvider';
export type { Register, RegisteredMetrics, TypedMetrics } from './typedMetrics';
export { type ErrorTracking, useErrorTracking } from './useErrorTracking';
export { type Metrics, useMetrics } from './useMetrics';
export { usePageView } from './usePageView';
export { useTelemetry } from './useTelemetry';
export { useTrackedAction } from './useTrackedAction';
