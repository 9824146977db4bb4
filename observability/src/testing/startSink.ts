import { once } from 'node:events';
import { createServer } from 'node:http';

/** A server that takes whatever it is sent with 204, in place of a Loki and a Tempo. */
export interface Sink {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a sink on a free port of loopback. */
export async function startSink(): Promise<Sink> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(204).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the sink has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
