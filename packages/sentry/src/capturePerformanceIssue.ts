import { captureMessage } from '@sentry/react';

type Context = Readonly<Record<string, unknown>>;

/**
 * Sends a warning about an operation that took longer than it may, tagged `performance_issue`, with both times as
 * context; nothing when it was in time. Times in ms. Answers the event's id, if there is one.
 */
export function capturePerformanceIssue(
  operation: string,
  duration: number,
  threshold: number,
  context: Context = {},
): string | undefined {
  if (!(duration > threshold)) return undefined;
  return captureMessage(`Performance issue: ${operation} took ${Math.round(duration)}ms`, {
    level: 'warning',
    tags: { performance_issue: operation },
    contexts: {
      performance: { ...context, operation, duration_ms: duration, threshold_ms: threshold },
    },
    // By the operation: the time is in the message, and would make each one an issue of its own.
    fingerprint: ['performance_issue', operation],
  });
}
