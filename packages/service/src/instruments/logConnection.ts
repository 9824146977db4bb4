import { AsyncResource } from 'node:async_hooks';
import type { WebSocket } from 'ws';

/** What is needed of a logger; pino's fits. */
export interface ConnectionLogger {
  /** Writes a line: a connection is there, or gone as was meant. */
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Writes a line: a connection failed or broke. */
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Ends that both sides have meant: closed, left, and closed without a word. https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const MEANT: ReadonlySet<number> = new Set([1000, 1001, 1005]);

/**
 * Writes a line when a connection is there, fails and is gone, in the category `websocket` and the context of its request: at
 * `warn` where it broke, such as 1006, without the other side's word.
 */
export function logConnection(socket: WebSocket, logger: ConnectionLogger): void {
  // The socket's events come out of the connection, which knows of no request.
  const request = new AsyncResource('artel.websocket');
  const began = performance.now();
  const line = (event: string) => ({ category: 'websocket', event });
  logger.info(line('opened'), 'WebSocket opened');
  socket.on('error', (error) => {
    request.runInAsyncScope(() => logger.warn({ ...line('failed'), err: error }, 'WebSocket failed'));
  });
  socket.once('close', (code) => {
    const duration_ms = Math.round((performance.now() - began) * 100) / 100;
    const fields = { ...line('closed'), code, duration_ms };
    request.runInAsyncScope(() => {
      if (MEANT.has(code)) logger.info(fields, 'WebSocket closed');
      else logger.warn(fields, 'WebSocket broke');
    });
  });
}
