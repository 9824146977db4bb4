import { createServer, type IncomingMessage, request, type Server } from 'node:http';

/** A server between the Mini App and the gateway that fails as a test tells it to. */
export interface FaultProxy {
  readonly url: string;
  /** Answers 503 to the next `n` batches, with `Retry-After: 1`. */
  failNext(n: number): void;
  /** While set, every connection is cut. */
  down: boolean;
  /** Batches that were answered by the gateway, and those that were refused here. */
  readonly passed: number;
  readonly refused: number;
  close(): Promise<void>;
}

function readAll(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('error', reject);
  });
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let failing = 0;
  let passed = 0;
  let refused = 0;
  const state = { down: false };
  const server: Server = createServer(async (incoming, answer) => {
    if (state.down) {
      refused += 1;
      incoming.socket.destroy();
      return;
    }
    const body = await readAll(incoming).catch(() => undefined);
    if (body === undefined) return;
    if (failing > 0) {
      failing -= 1;
      refused += 1;
      answer.writeHead(503, { 'retry-after': '1' }).end();
      return;
    }
    const upstream = request(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method, headers: { ...incoming.headers, connection: 'close' } },
      async (response) => {
        const reply = await readAll(response).catch(() => undefined);
        passed += 1;
        answer.writeHead(response.statusCode ?? 502, response.headers).end(reply);
      },
    );
    upstream.once('error', () => answer.writeHead(503).end());
    upstream.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    failNext(n) {
      failing = n;
    },
    get down() {
      return state.down;
    },
    set down(value) {
      state.down = value;
    },
    get passed() {
      return passed;
    },
    get refused() {
      return refused;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
