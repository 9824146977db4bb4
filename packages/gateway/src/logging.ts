import { scrubText } from '@artel/telemetry-protocol/scrub';
import type { FastifyBaseLogger } from 'fastify';
import { type DestinationStream, pino } from 'pino';
import type { LogLevelName } from './config';

interface LoggedRequest {
  readonly id?: unknown;
  readonly method?: string;
  readonly url?: string;
}

function pathOf(url = ''): string {
  return scrubText(url.replace(/[?#].*$/s, '')).slice(0, 200);
}

/**
 * The logger of the server, JSON lines to standard output or to `stream`. A line tells of a request its id, method and
 * path, and nothing else: no body, header, query or address of the client.
 */
export function createLogger(level: LogLevelName, stream?: DestinationStream): FastifyBaseLogger {
  const options = {
    level,
    name: 'gateway',
    base: null,
    serializers: {
      req: ({ id, method, url }: LoggedRequest) => ({ id, method, path: pathOf(url) }),
      res: ({ statusCode }: { readonly statusCode?: number }) => ({ statusCode }),
      err: (error: Error) => ({
        type: error.name,
        message: scrubText(error.message),
        stack: scrubText(error.stack ?? ''),
        ...(error.cause instanceof Error ? { cause: scrubText(error.cause.message) } : {}),
      }),
    },
  };
  return stream ? pino(options, stream) : pino(options);
}
