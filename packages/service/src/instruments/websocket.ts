import type { RawData, WebSocket, WebSocketServer } from 'ws';
import type { AppMetrics } from '../metrics';
import { type ConnectionLogger, logConnection } from './logConnection';
import { shadowMethod } from './shadowMethod';

/** What {@link instrumentWebSocket} is told. */
export interface WebSocketOptions {
  readonly metrics: Pick<AppMetrics, 'websocketConnectionsActive' | 'websocketMessagesTotal'>;
  /**
   * What `message_type` may say: the `type` of a JSON message where it is one of these, `other` where not. If left out it says
   * `text` or `binary`.
   */
  readonly messageTypes?: readonly string[];
  /** Hears of each connection as it opens, fails and ends, in the category `websocket`; no lines are written if left out. */
  readonly logger?: ConnectionLogger;
}

const OPEN = 1;
/** A longer message is not parsed a second time for its type. */
const PARSED_BYTES = 16_384;

const instrumented = new WeakSet<object>();

function textOf(data: unknown): string | undefined {
  if (typeof data === 'string') return data.length <= PARSED_BYTES ? data : undefined;
  if (Array.isArray(data)) return textOf(Buffer.concat(data));
  if (data instanceof ArrayBuffer) return textOf(Buffer.from(data));
  return Buffer.isBuffer(data) && data.length <= PARSED_BYTES ? data.toString('utf8') : undefined;
}

function jsonType(data: unknown): unknown {
  const text = textOf(data);
  if (!text?.trimStart().startsWith('{')) return undefined;
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Watches a server of `ws` (that of `@fastify/websocket` is `app.websocketServer`) and answers the same server: connections that
 * are open, and messages by direction and type. Pings and pongs are not counted.
 */
export function instrumentWebSocket<Server extends Pick<WebSocketServer, 'on' | 'clients'>>(
  server: Server,
  { metrics, messageTypes, logger }: WebSocketOptions,
): Server {
  if (instrumented.has(server)) return server;
  instrumented.add(server);
  const known = messageTypes && new Set(messageTypes);
  const typeOf = (data: unknown, isBinary: boolean): string => {
    if (!known) return isBinary ? 'binary' : 'text';
    const type = jsonType(data);
    return typeof type === 'string' && known.has(type) ? type : 'other';
  };
  const count = (direction: 'in' | 'out', data: unknown, isBinary: boolean): void =>
    metrics.websocketMessagesTotal.inc({ direction, message_type: typeOf(data, isBinary) });

  const watch = (socket: WebSocket): void => {
    if (instrumented.has(socket)) return;
    instrumented.add(socket);
    metrics.websocketConnectionsActive.inc();
    if (logger) logConnection(socket, logger);
    socket.once('close', () => metrics.websocketConnectionsActive.dec());
    socket.on('message', (data: RawData, isBinary: boolean) => count('in', data, isBinary));
    shadowMethod(socket, 'send', (invoke) => {
      return function send(this: unknown, ...args: unknown[]): unknown {
        const [data, options] = args;
        const isSent = socket.readyState === OPEN;
        const result = invoke(this, args);
        const said = typeof options === 'object' && options !== null && 'binary' in options && options.binary;
        if (isSent) count('out', data, typeof said === 'boolean' ? said : typeof data !== 'string');
        return result;
      };
    });
  };

  metrics.websocketConnectionsActive.inc({}, 0);
  for (const socket of server.clients) watch(socket);
  server.on('connection', watch);
  return server;
}
