export {
  type AppInfo,
  type AskToken,
  apiCalls,
  type Contribution,
  defaultIntegrations,
  errors,
  type Integration,
  type IntegrationHost,
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
} from './errors/ErrorBoundary';
export { type ReactErrorHandlers, reactErrorHandlers } from './errors/reactErrorHandlers';
export { type ErrorTracking, useErrorReport, useErrorTracking } from './errors/useErrorTracking';
export { type InitOptions, initTelemetry } from './initTelemetry';
export { TelemetryProvider, type TelemetryProviderProps, useTelemetry } from './TelemetryProvider';
export type { Register, RegisteredMetrics, TypedMetrics } from './typedMetrics';
export { type Metrics, useMetrics, useTrackedAction } from './useMetrics';
export { usePageView } from './usePageView';
