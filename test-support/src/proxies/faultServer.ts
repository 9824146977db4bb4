import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** What becomes of one batch. */
type Fault =
  /** The connection is cut before the gateway sees the batch. */
  | { readonly kind: 'cut' }
  /** 503 instead of the gateway's answer, with `Retry-After` where one is given; the gateway does not see the batch. */
  | { readonly kind: 'unavailable'; readonly retryAfter?: () => string }
  /** The gateway counts the batch, and its answer is lost. */
  | { readonly kind: 'lost' }
  /** Nothing is answered, and the connection stays; the gateway does not see the batch. */
  | { readonly kind: 'hang' }
  /** Somebody else answers, such as a captive portal; the gateway does not see the batch. */
  | {
      readonly kind: 'foreign';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
    };

/** One request to the gateway, as the server saw it. */
export interface Exchange {
  /** Ms since the server started. */
  readonly at: number;
  readonly path: string;
  readonly method: string;
  /** Bytes on the wire. */
  readonly bytes: number;
  /** The body, unpacked. */
  readonly text: string;
  readonly fault: Fault['kind'] | undefined;
  /** What was answered; `undefined` where nothing was. */
  status?: number;
  /** Whether the gateway has taken the batch for one that it had already. */
  duplicate?: boolean;
}

/** What is served beside the API. */
export interface SiteFile {
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server before a gateway, which adds to batches (`/api/metrics`) whatever faults a test asks for. */
export interface FaultServer {
  readonly port: number;
  readonly url: string;
  /** While set, every connection is cut, that of a page too. */
  down: boolean;
  /** Adds faults for the next batches, one each. */
  failNext(...faults: readonly Fault[]): void;
  /** Takes back the faults that no batch has met. */
  heal(): void;
  /** All requests to the gateway that came. */
  readonly exchanges: readonly Exchange[];
  /** Requests that were refused without the gateway. */
  readonly refused: number;
  close(): Promise<void>;
}

export interface FaultServerOptions {
  /** Where the gateway answers. */
  readonly gateway: string;
  /** What is served at an address outside `/api`; nothing by default. */
  readonly serve?: (url: URL) => SiteFile | undefined;
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

/** Starts a server of one origin: a page, if there is one to serve, and the gateway's API. */
export async function startFaultServer({
  gateway,
  serve = () => undefined,
}: FaultServerOptions): Promise<FaultServer> {
  const started = performance.now();
  const exchanges: Exchange[] = [];
  const faults: Fault[] = [];
  let down = false;
  let refused = 0;

  const handOn = async (incoming: IncomingMessage, answer: ServerResponse, path: string) => {
    const at = performance.now() - started;
    const body = await readAll(incoming);
    const fault = path === '/api/metrics' ? faults.shift() : undefined;
    const { method = '' } = incoming;
    const exchange: Exchange = {
      at,
      path,
      method,
      bytes: body.length,
      text: unpack(body),
      fault: fault?.kind,
    };
    exchanges.push(exchange);
    const cut = () => incoming.socket.destroy();
    if (fault && fault.kind !== 'lost') refused++;
    if (fault?.kind === 'cut') return cut();
    if (fault?.kind === 'unavailable') {
      exchange.status = 503;
      const retryAfter = fault.retryAfter?.();
      return answer.writeHead(503, retryAfter ? { 'retry-after': retryAfter } : {}).end();
    }
    if (fault?.kind === 'foreign') {
      exchange.status = fault.status;
      return answer.writeHead(fault.status, fault.headers).end(fault.text);
    }
    if (fault?.kind === 'hang') return;
    const reply = await forward(gateway, incoming, body);
    exchange.duplicate = /"duplicate":\s*true/.test(reply.body.toString());
    if (fault?.kind === 'lost') return cut();
    exchange.status = reply.status;
    return answer.writeHead(reply.status, reply.headers).end(reply.body);
  };

  const server = createServer((incoming, answer) => {
    if (down) {
      refused++;
      return incoming.socket.destroy();
    }
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/api/')) {
      // A page that dies cuts its own request.
      return void handOn(incoming, answer, url.pathname).catch(() => incoming.socket.destroy());
    }
    const file = serve(url);
    if (!file) return void answer.writeHead(404).end();
    answer.writeHead(200, { 'content-type': `${file.type}; charset=utf-8`, ...file.headers }).end(file.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    exchanges,
    failNext: (...next) => void faults.push(...next),
    heal: () => void faults.splice(0),
    get refused() {
      return refused;
    },
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
