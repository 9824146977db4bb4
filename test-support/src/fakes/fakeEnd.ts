import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
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

/** Said of a request that breaks a rule of its end; the sender gets it as a 400. */
export class Fault extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

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

export async function createFakeEnd(handle: (request: FakeRequest) => FakeAnswer): Promise<FakeEnd> {
  const faults: string[] = [];
  const requests: FakeRequest[] = [];
  let isStalled = false;
  let refusal: { readonly answer: FakeAnswer; left: number } | undefined;
  let server: Server | undefined;
  let port = 0;

  const answerTo = (request: FakeRequest): FakeAnswer => {
    if (refusal && refusal.left > 0) {
      refusal.left--;
      return refusal.answer;
    }
    try {
      return handle(request);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      faults.push(text);
      return { status: error instanceof Fault ? error.status : 400, body: text };
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
      const body = headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const request = { method, path: url, headers, raw, body };
      const answer = answerTo(request);
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
  onTestFinished(kill);
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
