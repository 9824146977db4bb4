import { connect, type Socket } from 'node:net';

interface Response {
  readonly status: number;
  /** Seconds of `Retry-After`, or 0. */
  readonly retryAfter: number;
}

/** `undefined` where the connection ended before the answer. */
type Answered = (response: Response | undefined) => void;

export interface Connections {
  /** Sends a batch on the connection that has been idle for longest, or on the first that will be. */
  post(body: string, answered: Answered): void;
  close(): void;
}

const HEADERS_END = '\r\n\r\n';

/** The answer at the start of `text`, once it is there whole. The gateway tells the length of each. */
function responseIn(text: string): Response | undefined {
  const end = text.indexOf(HEADERS_END);
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (text.length < end + HEADERS_END.length + length) return undefined;
  return {
    status: Number(head.slice(9, 12)),
    retryAfter: Number(/\r\nretry-after: (\d+)/i.exec(head)?.[1] ?? 0),
  };
}

/**
 * A few connections that are kept, over bare sockets: Node's own client and undici both take three times the CPU for a
 * request, of which the gateway on the same machine would have less.
 */
export function createConnections(url: string, count: number): Connections {
  const { hostname, port, host } = new URL(url);
  const head = `POST /api/metrics HTTP/1.1\r\nHost: ${host}\r\nContent-Type: text/plain\r\nContent-Length: `;
  const idle: ((body: string, answered: Answered) => void)[] = [];
  const queue = new Map<number, { readonly body: string; readonly answered: Answered }>();
  let first = 0;
  let last = 0;
  const sockets = new Set<Socket>();
  let isClosed = false;

  const open = (): void => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    sockets.add(socket);
    let text = '';
    let waiting: Answered | undefined;
    const send = (body: string, answered: Answered): void => {
      waiting = answered;
      // Latin-1 is a byte a character, and all that is sent is ASCII.
      socket.write(`${head}${body.length}${HEADERS_END}${body}`, 'latin1');
    };
    const free = (): void => {
      const next = queue.get(first);
      if (!next) {
        idle.push(send);
        return;
      }
      queue.delete(first++);
      send(next.body, next.answered);
    };
    socket.setEncoding('latin1');
    socket.on('connect', free);
    socket.on('data', (chunk) => {
      text += String(chunk);
      const response = responseIn(text);
      if (!response) return;
      text = '';
      const answered = waiting;
      waiting = undefined;
      free();
      answered?.(response);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      const at = idle.indexOf(send);
      if (at >= 0) idle.splice(at, 1);
      waiting?.(undefined);
      if (!isClosed) setTimeout(open, 100);
    });
  };
  for (let at = 0; at < count; at++) open();

  return {
    post(body, answered) {
      const send = idle.shift();
      if (send) send(body, answered);
      else queue.set(last++, { body, answered });
    },
    close() {
      isClosed = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
