import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger, FastifyHttpOptions } from 'fastify';
import { HttpProblem, PROBLEM_TYPE } from './problem';

/** How long a connection may keep the gateway waiting, and how many there may be. */
export interface ConnectionBounds {
  /** Open at once, of one listener. What comes over it is closed at once. */
  readonly max: number;
  /** Until the head of a request has arrived, in seconds; no longer than `requestSeconds`. */
  readonly headersSeconds: number;
  /** Until all of a request has arrived, and for how long nothing may move in either direction, in seconds. */
  readonly requestSeconds: number;
  /** From an answer to the next request, in seconds. */
  readonly idleSeconds: number;
}

/** How often Node looks for requests whose time is over, in ms; its own 30 s would come on top of each bound. */
const CHECK_MS = 1_000;
/** How long a connection that is given up stays for its answer to be read: closed while its peer writes, a reset overtakes it. */
const LINGER_MS = 1_000;
const DROP_LOG_MS = 10_000;

/** Fastify's options for these bounds. */
export function connectionOptions({ headersSeconds, requestSeconds, idleSeconds }: ConnectionBounds) {
  const requestTimeout = requestSeconds * 1_000;
  return {
    requestTimeout,
    // Later than the request's own, which has an answer: this one is for peers that do not take theirs.
    connectionTimeout: requestTimeout + 2 * CHECK_MS,
    keepAliveTimeout: idleSeconds * 1_000,
    http: {
      requestTimeout,
      headersTimeout: Math.min(headersSeconds * 1_000, requestTimeout),
      connectionsCheckingInterval: CHECK_MS,
      // Node's own answer to a request without Host is no problem document; `createApp` looks for it.
      requireHostHeader: false,
    },
  } satisfies FastifyHttpOptions<Server>;
}

/** Writes a problem where there is no request to answer, and lets the connection go whether or not its peer does. */
function giveUp(socket: Duplex, status: number, detail: string, { headers = '', lingers = true } = {}): void {
  const body = JSON.stringify(new HttpProblem(status, detail).details);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${PROBLEM_TYPE}\r\n${headers}`;
  const answer = `${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
  // A peer that keeps its side open would otherwise keep the socket, and with it the body that it has sent half of.
  socket.end(answer, () => {
    if (!lingers) socket.destroy();
  });
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** Answers what Node's parser could not read as a request, which never becomes one of Fastify's. */
export function refuseClient(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (socket.destroyed || !socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const unread = 'The request could not be read as HTTP/1.1.';
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      // At once: the rest of its body could come yet, and a batch be counted that has been answered 408.
      giveUp(socket, 408, 'The request took too long to arrive.', { lingers: false });
      break;
    case 'HPE_HEADER_OVERFLOW':
      giveUp(socket, 431, unread);
      break;
    default:
      giveUp(socket, 400, unread);
  }
}

/**
 * Ends connections on which nothing comes of anything: no request for `idleMs`, or requests and no answer that is taken
 * for `answerMs`. Node's own bounds begin anew with each line feed between two requests, which is nothing to its parser.
 * A route that has taken its socket's timeout off, such as a stream, sees to it by itself.
 */
function endStalled(
  server: Server,
  { idleMs, answerMs }: { readonly idleMs: number; readonly answerMs: number },
  elapsed: () => number,
): void {
  const open = new Map<Socket, { underWay: number; since: number }>();
  server.on('connection', (socket: Socket) => {
    open.set(socket, { underWay: 0, since: elapsed() });
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const state = open.get(socket);
    if (state === undefined) return;
    // One more request of a client that takes no answers is no progress.
    if (state.underWay++ === 0) state.since = elapsed();
    response.once('close', () => {
      state.underWay--;
      state.since = elapsed();
    });
  });
  const timer = setInterval(() => {
    for (const [socket, { underWay, since }] of open) {
      const bound = underWay === 0 ? idleMs : answerMs;
      if (elapsed() - since > bound && socket.timeout !== 0) socket.destroy();
    }
  }, CHECK_MS).unref();
  server.once('close', () => clearInterval(timer));
}

/** Bounds the server's connections, and has what Node would answer by itself answered as all else is. */
export function boundConnections(
  server: Server,
  { max, headersSeconds, requestSeconds, idleSeconds }: ConnectionBounds,
  { logger, elapsed }: { readonly logger: FastifyBaseLogger; readonly elapsed: () => number },
): void {
  server.maxConnections = max;
  let dropped = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    dropped++;
    if (elapsed() < toldAt + DROP_LOG_MS) return;
    logger.warn({ dropped, max }, 'connections.max are open: more are closed');
    toldAt = elapsed();
    dropped = 0;
  });
  const bounds = {
    // A request that has begun to arrive by then has time for its head.
    idleMs: (idleSeconds + headersSeconds) * 1_000,
    // To arrive, and to be answered.
    answerMs: 2 * requestSeconds * 1_000,
  };
  endStalled(server, bounds, elapsed);
  // Of `Expect` there is only 100-continue, which Node sees to; what else it says may be passed over.
  // https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    server.emit('request', request, response),
  );
  server.on('connect', (_request: IncomingMessage, socket: Duplex) =>
    giveUp(socket, 405, 'CONNECT: this is no proxy.', { headers: 'Allow: GET, POST\r\n' }),
  );
}
