import { addBreadcrumb } from '@sentry/react';

/** Leaves a breadcrumb about what the player did, for the next error's trail. */
export function captureUserAction(
  action: string,
  outcome: 'success' | 'error',
  metadata: Readonly<Record<string, unknown>> = {},
): void {
  addBreadcrumb({
    message: `User action: ${action}`,
    category: 'user',
    level: outcome === 'success' ? 'info' : 'error',
    data: { action, outcome, ...metadata },
  });
}
