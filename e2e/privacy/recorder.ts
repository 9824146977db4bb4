import { createServer } from 'node:http';
import type { Catch } from './scan';

/** A server that answers everything with `status` and keeps every byte that it is sent. */
export interface Recorder {
  readonly url: string;
  readonly caught: readonly Catch[];
  close(): Promise<void>;
}

export async function startRecorder(name: string, status: number): Promise<Recorder> {
  const caught: Catch[] = [];
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [Buffer.from(`${incoming.url}\n${incoming.rawHeaders.join('\n')}\n`)];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => {
      caught.push({ place: `${name} ${incoming.method} ${caught.length + 1}`, bytes: Buffer.concat(chunks) });
      answer
        .writeHead(status, { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' })
        .end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    caught,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
