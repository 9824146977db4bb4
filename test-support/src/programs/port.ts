import { createServer } from 'node:net';

/** Tells whether a server could listen on `port` of loopback. */
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

/**
 * A port of loopback that was free a moment ago. Nobody's connection takes it until a server listens there, however long
 * that server needs to start.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no port from ${LOWEST} to ${HIGHEST} is free`);
}
