export {
  captureBusinessMetric,
  captureError,
  captureGameError,
  capturePerformanceIssue,
  captureUserAction,
  type ErrorFacts,
} from './capture';
export { closeSentry, flushSentry, setSentryConsent, setSentryUser } from './control';
export { initSentry } from './initSentry';
export type { ReplaySelectors, SentryApp, SentryOptions } from './options';
export { sentryOptions } from './sentryOptions';
