import { addBreadcrumb, getActiveSpan } from '@sentry/react';

/**
 * Leaves a breadcrumb of a business figure, such as `games_finished`, for the next error's trail, and puts the figure on
 * the span under way, if there is one.
 */
export function captureBusinessMetric(
  name: string,
  value: number,
  context: Readonly<Record<string, unknown>> = {},
): void {
  getActiveSpan()?.setAttribute(`business.${name}`, value);
  addBreadcrumb({
    message: `Business metric: ${name} = ${value}`,
    category: 'business',
    level: 'info',
    data: { ...context, value },
  });
}
