import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface FakeRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly raw: Buffer;
  /** Inflated where the header says gzip. */
  readonly body: Buffer;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Said of a request that breaks a rule of its end; the sender is answered `status`. */
export class Fault extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** Throws a `Fault` where something does not hold. */
export function need(condition: boolean, message: string, status = 400): asserts condition {
  if (!condition) throw new Fault(message, status);
}

/** Throws a `Fault` for parameters that the end does not know, or that are there twice: a slip would pass unseen. */
export function needOnly(query: URLSearchParams, names: readonly string[]): void {
  for (const name of query.keys()) {
    need(names.includes(name), `unknown parameter ${name}`);
    need(query.getAll(name).length === 1, `${name} is given twice`);
  }
}

/** A refusal as Go's `http.Error` writes it, and with it Loki and Tempo. */
export const goError = (message: string, status: number): FakeAnswer => ({
  status,
  body: `${message}\n`,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
});

/** An end on a loopback port that can be killed, started again in the same place, and told to refuse. */
export interface FakeEnd {
  readonly url: string;
  /** What was wrong with requests, in words. A test that provokes nothing ends with none. */
  readonly faults: string[];
  readonly requests: readonly FakeRequest[];
  /** Answers the next `times` requests with this, unread. */
  refuse(answer: FakeAnswer, times?: number): void;
  /** Takes requests from now on, and never answers one. */
  stall(): void;
  /** Ends the server and every connection, without a word. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/**
 * Starts an end; it is killed at the end of the running Vitest test, and elsewhere by its user. What `handle` throws is noted, and answered by
 * `fault`, as Go does by default.
 */
export async function createFakeEnd(
  handle: (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>,
  fault: (message: string, status: number) => FakeAnswer = goError,
): Promise<FakeEnd> {
  const faults: string[] = [];
  const requests: FakeRequest[] = [];
  let isStalled = false;
  let refusal: { readonly answer: FakeAnswer; left: number } | undefined;
  let server: Server | undefined;
  let port = 0;

  const answerTo = async (request: FakeRequest): Promise<FakeAnswer> => {
    if (refusal && refusal.left > 0) {
      refusal.left--;
      return refusal.answer;
    }
    try {
      return await handle(request);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      faults.push(`${request.method} ${request.path}: ${text}`);
      return fault(text, error instanceof Fault ? error.status : 400);
    }
  };

  const start = async (): Promise<void> => {
    if (server) return;
    const made = createServer(async (incoming, response) => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of incoming) chunks.push(chunk);
      } catch {
        return;
      }
      if (isStalled) return;
      const raw = Buffer.concat(chunks);
      const { method = '', url = '', headers } = incoming;
      const { pathname: path, searchParams: query } = new URL(url, 'http://fake');
      const body = headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const request = { method, path, query, headers, raw, body };
      const answer = await answerTo(request);
      requests.push(request);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
    await new Promise<void>((resolve, reject) => {
      made.once('error', reject);
      made.listen(port, '127.0.0.1', resolve);
    });
    port = (made.address() as AddressInfo).port;
    server = made;
  };
  const kill = async (): Promise<void> => {
    const ended = server;
    server = undefined;
    if (!ended) return;
    const closed = new Promise((resolve) => ended.close(resolve));
    ended.closeAllConnections();
    await closed;
  };

  await start();
  // Vitest cannot be loaded beside Playwright, whose `expect` it would replace.
  if (process.env['VITEST']) (await import('vitest')).onTestFinished(kill);
  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    requests,
    refuse(answer, times = Number.POSITIVE_INFINITY) {
      refusal = { answer, left: times };
    },
    stall() {
      isStalled = true;
    },
    kill,
    start,
  };
}
