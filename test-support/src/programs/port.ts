import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import getPort from 'get-port';

/** Returns whether a server could listen on `port` of loopback. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Below the ports that systems give to connections that go out: 32,768 and up on Linux, 49,152 elsewhere. */
const LOWEST = 10_000;
const HIGHEST = 32_000;
const ATTEMPTS = 100;

/**
 * Returns a port of loopback that was free a moment ago, and that this process is not given again. Nobody's connection
 * takes it until a server listens there, however long that server needs to start. Throws when it finds none.
 */
export async function freePort(): Promise<number> {
  const candidates = Array.from({ length: ATTEMPTS }, () => randomInt(LOWEST, HIGHEST));
  const port = await getPort({ port: candidates, host: '127.0.0.1', reserve: true });
  if (!candidates.includes(port)) throw new Error(`no port from ${LOWEST} to ${HIGHEST} is free`);
  return port;
}
