// A process of its own, so that what it costs to ask is not counted to the one that answers.
import { connect, type Socket } from 'node:net';

/** What the sender is told: ask for this path so many times. */
export interface Order {
  readonly port: number;
  readonly path: string;
  readonly requests: number;
  /** Each with one request under way. */
  readonly connections: number;
}

/** How long it took, or what went wrong. */
export type Report = { readonly seconds: number } | { readonly failure: string };

const HEAD = [
  'Host: 127.0.0.1',
  'User-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Mobile',
  'Accept: application/json',
  'Accept-Language: ru-RU,ru;q=0.9',
].join('\r\n');

function hex(digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('');
}

/** As a page asks: with a trace of its own, marked as sampled. */
function requestOf(path: string, index: number): string {
  return `GET ${path}/${1 + (index % 1_000)} HTTP/1.1\r\n${HEAD}\r\ntraceparent: 00-${hex(32)}-${hex(16)}-01\r\n\r\n`;
}

function askOver(socket: Socket, take: () => string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const next = (): void => {
      const request = take();
      if (request === undefined) resolve();
      else socket.write(request);
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      answer += String(chunk);
      const head = answer.indexOf('\r\n\r\n');
      if (head < 0) return;
      if (!answer.startsWith('HTTP/1.1 200')) return reject(new Error(`answered ${answer}`));
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? Number.NaN);
      if (answer.length < head + 4 + length) return;
      answer = '';
      next();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    next();
  });
}

async function ask({ port, path, requests, connections }: Order): Promise<number> {
  const texts = Array.from({ length: requests }, (_, index) => requestOf(path, index));
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      return socket;
    }),
  );
  const began = performance.now();
  let sent = 0;
  await Promise.all(sockets.map((socket) => askOver(socket, () => texts[sent++])));
  const seconds = (performance.now() - began) / 1_000;
  for (const socket of sockets) socket.destroy();
  return seconds;
}

process.on('message', (order: Order) => {
  ask(order).then(
    (seconds) => process.send?.({ seconds }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.once('disconnect', () => process.exit());
