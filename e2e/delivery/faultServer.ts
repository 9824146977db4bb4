import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Site } from './bundlePage';

/** What becomes of one batch. */
export type Fault =
  /** The connection is cut before the gateway sees the batch. */
  | { readonly kind: 'cut' }
  /** 503 instead of the gateway's answer; the gateway does not see the batch. */
  | { readonly kind: 'unavailable'; readonly retryAfter: () => string }
  /** The gateway counts the batch, and its answer is lost. */
  | { readonly kind: 'lost' }
  /** Nothing is answered, and the connection stays; the gateway does not see the batch. */
  | { readonly kind: 'hang' };

/** One batch that came, as the server saw it. */
export interface Exchange {
  /** Ms since the server started. */
  readonly at: number;
  readonly method: string;
  /** Bytes on the wire. */
  readonly bytes: number;
  /** The batch, unpacked. */
  readonly text: string;
  readonly fault: Fault['kind'] | undefined;
  /** What the gateway answered, where it was asked. */
  answer?: { readonly status: number; readonly duplicate: boolean };
}

/** One origin: the page, and before the gateway's `/api/metrics` whatever faults a test asks for. */
export interface FaultServer {
  readonly port: number;
  /** While set, every connection is cut, the page's own too. */
  down: boolean;
  /** Faults for the next batches, one each. */
  failNext(...faults: readonly Fault[]): void;
  /** Takes back the faults that no batch has met. */
  heal(): void;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, target), { method, headers: { ...headers, connection: 'close' } });
    onward.once('error', reject);
    onward.once('response', (reply) => {
      const { statusCode: status = 502, headers: got } = reply;
      readAll(reply).then((read) => resolve({ status, headers: got, body: read }), reject);
    });
    onward.end(body);
  });
}

function unpack(body: Buffer): string {
  return (body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body).toString('utf8');
}

export async function startFaultServer(gateway: string, site: Site): Promise<FaultServer> {
  const started = performance.now();
  const exchanges: Exchange[] = [];
  const faults: Fault[] = [];
  let down = false;

  const takeBatch = async (incoming: IncomingMessage, answer: ServerResponse) => {
    const at = performance.now() - started;
    const body = await readAll(incoming);
    const fault = faults.shift();
    const { method = '' } = incoming;
    const exchange: Exchange = { at, method, bytes: body.length, text: unpack(body), fault: fault?.kind };
    exchanges.push(exchange);
    const cut = () => incoming.socket.destroy();
    if (fault?.kind === 'cut') return cut();
    if (fault?.kind === 'unavailable') {
      return answer.writeHead(503, { 'retry-after': fault.retryAfter() }).end();
    }
    if (fault?.kind === 'hang') return;
    const reply = await forward(gateway, incoming, body);
    exchange.answer = { status: reply.status, duplicate: /"duplicate":\s*true/.test(reply.body.toString()) };
    if (fault?.kind === 'lost') return cut();
    return answer.writeHead(reply.status, reply.headers).end(reply.body);
  };

  const server = createServer((incoming, answer) => {
    if (down) return incoming.socket.destroy();
    const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
    if (pathname === '/api/metrics') {
      // A page that dies cuts its own request.
      return void takeBatch(incoming, answer).catch(() => incoming.socket.destroy());
    }
    const file = site[pathname];
    if (file) answer.writeHead(200, { 'content-type': `${file.type}; charset=utf-8` }).end(file.text);
    else answer.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();

  return {
    port: typeof address === 'object' && address ? address.port : 0,
    exchanges,
    failNext: (...next) => void faults.push(...next),
    heal: () => void faults.splice(0),
    get down() {
      return down;
    },
    set down(value) {
      down = value;
      if (value) server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
