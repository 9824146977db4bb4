import { addBreadcrumb, captureException, type SeverityLevel, withScope } from '@sentry/node';
import type { LogLine } from '../logging/createLogger';

const LEVELS: Readonly<Record<string, SeverityLevel>> = {
  info: 'info',
  warn: 'warning',
  error: 'error',
  fatal: 'fatal',
};

/**
 * Makes a listener for the logger: lines from `info` on become breadcrumbs of the events after them, and an error that a
 * line of level `error` or `fatal` tells of becomes an event, once, whoever else captures the same error. Lines of
 * requests are left out: the Fastify plugin captures their errors.
 */
export function createLogListener(): (line: LogLine) => void {
  return ({ level, message, fields, error }) => {
    const severity = LEVELS[level];
    const category = fields['category'];
    if (!severity || (typeof category === 'string' && category.startsWith('http_'))) return;
    if (error && (severity === 'error' || severity === 'fatal')) {
      withScope((scope) => {
        scope.setLevel(severity);
        scope.setContext('log', { message, ...fields });
        captureException(error);
      });
      return;
    }
    addBreadcrumb({
      category: typeof category === 'string' ? category : 'log',
      level: severity,
      data: { ...fields },
      ...(message === undefined ? {} : { message }),
    });
  };
}
