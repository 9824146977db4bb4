// A process of its own, so that what it costs to send is not counted to the one that receives.
import { connect, type Socket } from 'node:net';
import { type BodyShape, makeBodies } from './bodies';

/** What the sender is told: send these bodies there, each once. */
export interface Order {
  readonly port: number;
  readonly shape: BodyShape;
  readonly round: number;
  readonly now: number;
  readonly origin: string;
}

/** What it says then: whether it is ready to send, how long it took, or what went wrong. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly seconds: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** Connections, each with one request under way. */
const CONNECTIONS = 64;

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** Posts `bodies` over one kept-alive connection, one after the other, until none is left. */
function postOver(socket: Socket, takeRequest: () => Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0);
    const next = () => {
      const request = takeRequest();
      if (request) socket.write(request);
      else resolve();
    };
    socket.on('data', (chunk) => {
      answer = answer.length === 0 ? chunk : Buffer.concat([answer, chunk]);
      const head = answer.indexOf(END_OF_HEAD);
      if (head < 0) return;
      const text = answer.toString('latin1', 0, head);
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
      if (!text.startsWith('HTTP/1.1 202')) return reject(new Error(`answered ${answer}`));
      if (answer.length < head + END_OF_HEAD.length + length) return;
      answer = Buffer.alloc(0);
      next();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    next();
  });
}

function requestOf(body: Buffer, origin: string): Buffer {
  const head = [
    'POST /api/metrics HTTP/1.1',
    'Host: 127.0.0.1',
    'User-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Mobile',
    'Content-Type: text/plain;charset=UTF-8',
    'Accept: */*',
    `Origin: ${origin}`,
    `Referer: ${origin}/`,
    'Accept-Language: en-US,en;q=0.9',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

const say = (report: Report): void => void process.send?.(report);

/** Sends what is in `requests`, when it is told to go. */
async function send(port: number, requests: readonly Buffer[]): Promise<void> {
  const sockets = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      return socket;
    }),
  );
  say({ kind: 'ready' });
  await new Promise((resolve) => process.once('message', resolve));
  const began = performance.now();
  let sent = 0;
  await Promise.all(sockets.map((socket) => postOver(socket, () => requests[sent++])));
  say({ kind: 'done', seconds: (performance.now() - began) / 1_000 });
  for (const socket of sockets) socket.destroy();
}

process.on('message', (order: Order | 'go') => {
  if (order === 'go') return;
  const { port, shape, round, now, origin } = order;
  const requests = makeBodies(shape, round, now).map((body) => requestOf(body, origin));
  send(port, requests).catch((error: unknown) => say({ kind: 'failed', reason: String(error) }));
});
process.once('disconnect', () => process.exit());
