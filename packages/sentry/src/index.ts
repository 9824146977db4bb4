export { captureError, captureGameError, type ErrorFacts } from './captureError';
export { captureUserAction } from './captureUserAction';
export { closeSentry } from './closeSentry';
export { flushSentry } from './flushSentry';
export { initSentry } from './initSentry';
export type { SentryApp, SentryOptions } from './options';
export { sentryOptions } from './sentryOptions';
export { setSentryConsent } from './setSentryConsent';
export { setSentryUser } from './setSentryUser';
