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
  return (line) => {
    const severity = LEVELS[line.level];
    // Before its fields are looked at, which of the lines of requests are put together for whoever asks.
    if (!severity || line.category?.startsWith('http_')) return;
    const { message, fields, category = 'log', error } = line;
    if (error && (severity === 'error' || severity === 'fatal')) {
      withScope((scope) => {
        scope.setLevel(severity);
        scope.setContext('log', { message, ...fields });
        captureException(error);
      });
      return;
    }
    addBreadcrumb({
      category,
      level: severity,
      data: { ...fields },
      ...(message === undefined ? {} : { message }),
    });
  };
}
