import { get, type IncomingMessage } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { PROBLEM_TYPE, toProblem } from '../problem';
import { createSeries } from '../series';
import type { CountedBatch } from './countedBatch';
import { createLive, type Live, type LiveOptions } from './createLive';
import type { LiveRoutesOptions } from './routes';
import type { Update } from './wire';

export const NOW = 1_700_000_000_000;

/** One opened stream, read message by message. */
export interface Stream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The next message: its data, or its event where that is not `update`. Rejects when the stream ends before. */
  next(): Promise<Update | string>;
  /** The next message, which must be an update. */
  update(): Promise<Update>;
  /** Resolves when the server has ended it. */
  ended(): Promise<void>;
  /** Reads no more from the socket. */
  pause(): void;
  resume(): void;
  close(): void;
}

export interface RunningLive {
  readonly live: Live;
  readonly app: FastifyInstance;
  readonly url: string;
  /** The time that the page is told, and that which passes. */
  readonly time: { now: number; elapsed: number };
  tick(): void;
  open(path?: string, headers?: Record<string, string>): Promise<Stream>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export function openStream(url: string, headers: Record<string, string> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (response) => {
      const iterator = response.setEncoding('utf8')[Symbol.asyncIterator]();
      let text = '';
      const next = async (): Promise<Update | string> => {
        for (;;) {
          const end = text.indexOf('\n\n');
          if (end >= 0) {
            const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
            text = text.slice(end + 2);
            return event === 'update' ? JSON.parse(data) : event;
          }
          const chunk = await iterator.next();
          if (chunk.done) throw new Error(`the stream ended after ${JSON.stringify(text)}`);
          text += String(chunk.value);
        }
      };
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        next,
        async update() {
          const message = await next();
          if (typeof message === 'string') throw new Error(`expected an update, got ${message}`);
          return message;
        },
        async ended() {
          while (!(await iterator.next()).done);
        },
        pause: () => void response.socket.pause(),
        resume: () => void response.socket.resume(),
        close: () => void request.destroy(),
      });
    });
    request.on('error', reject);
    onTestFinished(() => void request.destroy());
  });
}

/** The live part alone on a server of its own, with a clock and ticks in the test's hands. */
export async function startLive(
  options: Partial<LiveOptions> = {},
  routes: Partial<LiveRoutesOptions> = {},
): Promise<RunningLive> {
  const time = { now: NOW, elapsed: 0 };
  let tick = (): void => {};
  const live = createLive({
    clock: { now: () => time.now, elapsed: () => time.elapsed },
    every: (run) => {
      tick = run;
      return () => {};
    },
    onError: (error) => {
      throw error;
    },
    ...options,
  });
  const app = Fastify({ forceCloseConnections: true });
  app.setErrorHandler((error, _request, reply) => {
    const { status, headers, details } = toProblem(error);
    void reply.code(status).headers(headers).type(PROBLEM_TYPE).send(JSON.stringify(details));
  });
  // As the gateway's own check does for an origin that may send.
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.origin) reply.header('Access-Control-Allow-Origin', request.headers.origin);
  });
  live.register(app, { authorize: () => ({ tenants: 'all' }), secret: 's'.repeat(32), ...routes });
  onTestFinished(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    live,
    app,
    url,
    time,
    tick: () => tick(),
    open: (path = '/live/events', headers = {}) => openStream(`${url}${path}`, headers),
    fetch: (path, init) => fetch(`${url}${path}`, init),
  };
}

/** A committed batch of `count` actions. */
export function actions(count: number, more: Partial<CountedBatch> = {}): CountedBatch {
  const family = {
    name: 'user_action_total',
    kind: 'counter',
    help: 'h',
    buckets: [],
    maxSeries: 1,
    known: true,
  } as const;
  const series = createSeries(family, [['action', 'shot']], [count]);
  return {
    tenant: 'default',
    at: NOW,
    deltas: [{ key: 'k', family, series }],
    records: [],
    accepted: 1,
    rejected: 0,
    duplicate: false,
    ...more,
  };
}
