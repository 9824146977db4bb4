import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Clock } from './clock';
import { addressText } from './listening';

/** A server with the place where it listens. */
export interface Listener {
  readonly app: FastifyInstance;
  /** Resolves with the address, such as `http://127.0.0.1:4320`. */
  listen(): Promise<string>;
  /** Takes no new connections, and resolves when the requests under way are answered, or their time is over. */
  close(): Promise<void>;
}

/** How long a closing server waits for the requests under way, in ms. */
const CLOSE_TIMEOUT_MS = 10_000;
const REAP_MS = 20;

export function createListener(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
  clock: Pick<Clock, 'elapsed'>,
): Listener {
  let underWay = 0;
  // Counted here and not in Fastify's hooks, which run for some refused requests only in part.
  app.server.on('request', (_request, response: ServerResponse) => {
    underWay++;
    response.once('close', () => underWay--);
  });

  return {
    app,
    async listen() {
      await app.listen({ host, port });
      const bound = app.server.address();
      return addressText(host, typeof bound === 'object' && bound ? bound.port : port);
    },
    async close() {
      const deadline = clock.elapsed() + CLOSE_TIMEOUT_MS;
      // Node ends idle connections once, as it begins to close: not those whose answer comes later, and not those that
      // a browser has opened ahead and never used.
      const reaper = setInterval(() => {
        if (underWay === 0 || clock.elapsed() > deadline) app.server.closeAllConnections();
        else app.server.closeIdleConnections();
      }, REAP_MS);
      try {
        await app.close();
      } finally {
        clearInterval(reaper);
      }
    },
  };
}
