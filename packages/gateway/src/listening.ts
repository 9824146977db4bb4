import { createServer } from 'node:net';

/** A sentence for why a server cannot listen there, naming the variable to change; other errors are `undefined`. */
export function listenProblem(error: unknown, host: string, port: number): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'EADDRINUSE':
      return `GATEWAY_PORT: port ${port} on ${host} is in use; stop what listens there or set GATEWAY_PORT to another`;
    case 'EACCES':
      return `GATEWAY_PORT: port ${port} may not be opened by this user; set GATEWAY_PORT to one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `GATEWAY_HOST: ${host} is no address of this machine; set GATEWAY_HOST to one, such as 127.0.0.1`;
    default:
      return undefined;
  }
}

/** Resolves when the port can be listened on, and gives it back at once. Rejects with the system's error. */
export function tryPort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

/** The address to print: one that a browser on this machine can open. */
export function addressText(host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}
