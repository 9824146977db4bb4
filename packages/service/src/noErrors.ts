import type { Errors } from './errors';

/** What there is without a DSN: an app's calls go nowhere, and need no question whether Sentry is there. */
export const noErrors: Errors = {
  captureGameError() {},
  captureBusinessMetric() {},
  capturePerformanceIssue() {},
  captureSecurityEvent() {},
  flush: async () => true,
  close: async () => true,
};
