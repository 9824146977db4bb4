import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: string;
}

/** Said of a request that breaks a rule of its store. */
export class Fault extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

export interface HttpFake {
  readonly url: string;
  /** What was wrong with requests. */
  readonly faults: readonly string[];
}

/** Throws a `Fault` where something does not hold. */
export function need(condition: boolean, message: string, status = 400): asserts condition {
  if (!condition) throw new Fault(message, status);
}

/** Throws a `Fault` for parameters that the store does not know, or that are there twice: a slip would pass unseen. */
export function needOnly(query: URLSearchParams, names: readonly string[]): void {
  for (const name of query.keys()) {
    need(names.includes(name), `unknown parameter ${name}`);
    need(query.getAll(name).length === 1, `${name} is given twice`);
  }
}

/** A store on a loopback port, ended with the test. */
export async function startHttpFake(
  handle: (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>,
): Promise<HttpFake> {
  const faults: string[] = [];
  const server = createServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
    const { method = '', url = '', headers } = incoming;
    const { pathname, searchParams } = new URL(url, 'http://fake');
    try {
      const answer = await handle({ method, path: pathname, query: searchParams, headers, body });
      response.writeHead(answer.status).end(answer.body);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      faults.push(`${method} ${url}: ${text}`);
      response.writeHead(error instanceof Fault ? error.status : 500).end(text);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, faults };
}
