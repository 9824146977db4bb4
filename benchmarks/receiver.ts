import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { decodeBody } from './decodeBody';
import { createLedger, type Ledger, MARK } from './ledger';
import type { Library } from './libraries';

/** A page's server and a library's backend in one, on loopback, which can be told to fail. */
export interface Receiver {
  readonly origin: string;
  readonly ledger: Ledger;
  /** While true every POST is cut off without an answer. */
  down: boolean;
  /** How many of the next POSTs with events are answered 503. */
  refusals: number;
  /** POSTs that were answered 503. */
  readonly refused: number;
  /** POSTs answered with 2xx, and the bytes of their bodies as they were on the wire. */
  readonly requests: number;
  readonly bytes: number;
  close(): Promise<void>;
}

/** Makes pages cross-origin isolated, which brings `performance.now` from 100 µs to 5 µs. */
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

const page = (script: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,">${script}`;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...ISOLATED, 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

/** Serves `/` with the library's script, `/empty` without, `/script.js`, and takes every POST. */
export async function startReceiver(library: Library, script: string): Promise<Receiver> {
  const ledger = createLedger(library.counting);
  const state = { down: false, refusals: 0, refused: 0, requests: 0, bytes: 0 };

  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    if (state.down) {
      request.socket.destroy();
      return;
    }
    const body = await readBody(request);
    const text = decodeBody(body);
    if (state.refusals > 0 && text.includes(MARK)) {
      state.refusals -= 1;
      state.refused += 1;
      answer(response, 503, 'application/json', '{}');
      return;
    }
    state.requests += 1;
    state.bytes += body.length;
    if (text.includes(MARK)) ledger.take(text);
    const accepted =
      library.counting === 'batches' ? '{"accepted":1,"rejected":[],"duplicate":false}' : '{"status":1}';
    answer(response, library.counting === 'batches' ? 202 : 200, 'application/json', accepted);
  };

  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      // A page that dies in the middle of a request is part of what is measured.
      receive(request, response).catch(() => response.destroy());
    } else if (request.url === '/')
      answer(response, 200, 'text/html', page('<script src="/script.js"></script>'));
    else if (request.url === '/empty') answer(response, 200, 'text/html', page(''));
    else if (request.url === '/script.js') answer(response, 200, 'text/javascript', script);
    else answer(response, 404, 'application/json', '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the receiver has no port');

  return {
    origin: `http://127.0.0.1:${address.port}`,
    ledger,
    get down() {
      return state.down;
    },
    set down(down) {
      state.down = down;
    },
    get refusals() {
      return state.refusals;
    },
    set refusals(refusals) {
      state.refusals = refusals;
    },
    get refused() {
      return state.refused;
    },
    get requests() {
      return state.requests;
    },
    get bytes() {
      return state.bytes;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
