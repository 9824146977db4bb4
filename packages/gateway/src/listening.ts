import { createServer } from 'node:net';

/** Where a server is to listen, and the variables that say so. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly variables: { readonly host: string; readonly port: string };
}

/** A sentence for why a server cannot listen there, naming the variable to change; other errors are `undefined`. */
export function listenProblem(error: unknown, { host, port, variables }: Place): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { host: hostName, port: portName } = variables;
  switch (error.code) {
    case 'EADDRINUSE':
      return `${portName}: port ${port} on ${host} is in use; stop what listens there or set ${portName} to another`;
    case 'EACCES':
      return `${portName}: port ${port} may not be opened by this user; set ${portName} to one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${hostName}: ${host} is no address of this machine; set ${hostName} to one, such as 127.0.0.1`;
    default:
      return undefined;
  }
}

/** Resolves when the port can be listened on, and gives it back at once. Rejects with a sentence that says why not. */
export function tryPort(place: Place): Promise<void> {
  const { host, port } = place;
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const problem = listenProblem(error, place);
      reject(problem === undefined ? error : new Error(problem, { cause: error }));
    });
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

/** The address to print: one that a browser on this machine can open. */
export function addressText(host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}
