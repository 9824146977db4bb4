import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { Library } from '../libraries';
import { BUNDLE_PATH, type Bundle } from './bundle';
import { createLedger, type Ledger, MARK } from './ledger';

/** What a receiver does wrong. Only POSTs with measured events are refused, or not answered. */
interface Faults {
  /** While true, every POST is cut off without an answer. */
  down: boolean;
  /** How many of the next POSTs are answered 503. */
  refusals: number;
  /** How many of the next POSTs are received in full, and then cut off without an answer. */
  lostAnswers: number;
}

/** The server of a page and the backend of a library in one, on loopback. */
export interface Receiver {
  readonly origin: string;
  readonly ledger: Ledger;
  readonly faults: Faults;
  /** POSTs that were received, and the bytes of their bodies as they were on the wire. */
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

const moduleScript = ({ entry }: Bundle) =>
  `<script type="module">import * as bench from '${BUNDLE_PATH}${entry}'; globalThis.bench = bench;</script>`;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Returns the text of a body in any packing that a library uses: gzip, zlib, form-encoded base64, plain. */
export function decodeBody(body: Buffer): string {
  if (body[0] === 0x1f && body[1] === 0x8b) return gunzipSync(body).toString('utf8');
  if (body[0] === 0x78 && (body[1] === 0x01 || body[1] === 0x9c || body[1] === 0xda)) {
    return inflateSync(body).toString('utf8');
  }
  const text = body.toString('utf8');
  if (!text.startsWith('data=')) return text;
  return Buffer.from(decodeURIComponent(text.slice(5)), 'base64').toString('utf8');
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...ISOLATED, 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

/** Serves `/` with the library, `/empty` without it, and the files of its bundle; accepts every POST. */
export async function startReceiver(library: Library, bundle: Bundle): Promise<Receiver> {
  const ledger = createLedger(library.counting);
  const faults: Faults = { down: false, refusals: 0, lostAnswers: 0 };
  let requests = 0;
  let bytes = 0;
  const [status, accepted] =
    library.counting === 'batches'
      ? [202, '{"accepted":1,"rejected":[],"duplicate":false}']
      : [200, '{"status":1}'];

  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    if (faults.down) {
      request.socket.destroy();
      return;
    }
    const body = await readBody(request);
    const text = decodeBody(body);
    const isMeasured = text.includes(MARK);
    if (isMeasured && faults.refusals > 0) {
      faults.refusals -= 1;
      answer(response, 503, 'application/json', '{}');
      return;
    }
    requests += 1;
    bytes += body.length;
    if (isMeasured) ledger.take(text);
    if (isMeasured && faults.lostAnswers > 0) {
      faults.lostAnswers -= 1;
      request.socket.destroy();
      return;
    }
    answer(response, status, 'application/json', accepted);
  };

  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      // A page that dies in the middle of a request is part of what is measured.
      receive(request, response).catch(() => response.destroy());
      return;
    }
    const { url = '' } = request;
    const file = url.startsWith(BUNDLE_PATH) ? bundle.files.get(url.slice(BUNDLE_PATH.length)) : undefined;
    if (file !== undefined) answer(response, 200, 'text/javascript', file);
    else if (url === '/') answer(response, 200, 'text/html', page(moduleScript(bundle)));
    else if (url === '/empty') answer(response, 200, 'text/html', page(''));
    else answer(response, 404, 'application/json', '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the receiver has no port');

  return {
    origin: `http://127.0.0.1:${address.port}`,
    ledger,
    faults,
    get requests() {
      return requests;
    },
    get bytes() {
      return bytes;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
