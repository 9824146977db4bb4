import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { launch, started } from '../cli.fixture';
import { fileOf, post, STEADY, tempDir } from '../gateway.fixture';
import type { RunningRedis } from './redis.fixture';

/** A built gateway in a process and a directory of its own, which may be ended and started again. */
export interface GatewayProcess {
  /** Where it listens; `undefined` while it does not. */
  url(): string | undefined;
  start(): Promise<void>;
  kill(): Promise<void>;
}

/** `more` is YAML that goes into its configuration. */
export function gatewayProcess(redis: RunningRedis, more = '', timeoutMs = 800): GatewayProcess {
  const DATA_DIR = tempDir();
  const GATEWAY_CONFIG = fileOf(
    `redis: { url: '${redis.url}', timeoutMs: ${timeoutMs} }\n${STEADY}${more}\n`,
  );
  let child: ChildProcess | undefined;
  let url: string | undefined;
  return {
    url: () => url,
    async start() {
      child = launch({ DATA_DIR, GATEWAY_CONFIG, GATEWAY_SECRET: 's'.repeat(32) });
      url = (await started(child)).url;
    },
    async kill() {
      url = undefined;
      if (!child) return;
      const gone = once(child, 'close');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Repeats itself in every run. */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface Proxy {
  readonly url: string;
  /** Answers of 202 that it has kept from the client. */
  cut(): number;
}

/** Sends each request to the next gateway, and cuts the connection instead of passing on every fifth answer or so. */
export async function startProxy(gateways: readonly GatewayProcess[]): Promise<Proxy> {
  const dice = createDice(7);
  let turn = 0;
  let cut = 0;
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const target = gateways[turn++ % gateways.length]?.url();
    if (target === undefined) return void outgoing.destroy();
    const onward = request(`${target}${incoming.url}`, { method: 'POST' }, async (answer) => {
      const body: Buffer[] = [];
      try {
        for await (const chunk of answer) body.push(chunk);
      } catch {
        return void outgoing.destroy();
      }
      if (answer.statusCode === 202 && dice() < 0.2) {
        cut++;
        return void outgoing.destroy();
      }
      outgoing.writeHead(answer.statusCode ?? 502).end(Buffer.concat(body));
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(Buffer.concat(chunks));
  };
  const server = createServer(
    (incoming, outgoing) => void pass(incoming, outgoing).catch(() => outgoing.destroy()),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  return { url: `http://127.0.0.1:${port}`, cut: () => cut };
}

/** What a client was answered 202 for: how many batches, and the sums of their numbers and of the squares of these. */
export interface Books {
  batches: number;
  numbers: number;
  squares: number;
}

export interface Load {
  /** Ends the load: each client goes on with its last batch until it is answered 202. */
  stop(): Promise<void>;
  /** By client, what was acknowledged. */
  readonly books: ReadonlyMap<string, Books>;
  /** Answers and failures by status; 0 is a connection that broke. */
  readonly statuses: ReadonlyMap<number, number>;
}

/** Clients that each send one batch after the other, and the same again until it is answered 202. */
export function startLoad(url: string, clients: number): Load {
  const books = new Map<string, Books>();
  const statuses = new Map<number, number>();
  let isOver = false;
  const client = async (name: string): Promise<void> => {
    const book = { batches: 0, numbers: 0, squares: 0 };
    books.set(name, book);
    for (let seq = 1; !isOver; seq++) {
      const labels = { client: name };
      const metrics = [
        { name: 'sent', labels },
        { name: 'numbers', value: seq, labels },
        { name: 'squares', value: seq * seq, labels },
      ];
      for (;;) {
        const answer = await post(url, { producer: name, seq, metrics }).catch(() => undefined);
        const status = answer?.status ?? 0;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status === 202) break;
        await sleep(status === 0 ? 5 : 60);
      }
      book.batches++;
      book.numbers += seq;
      book.squares += seq * seq;
    }
  };
  const done = Promise.all(Array.from({ length: clients }, (_, at) => client(`c${at}`)));
  return {
    books,
    statuses,
    async stop() {
      isOver = true;
      await done;
    },
  };
}

async function samplesOf(gateway: GatewayProcess): Promise<Map<string, number>> {
  const text = await fetch(`${gateway.url()}/metrics`).then((response) => response.text());
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

/** The sum of one sample over all gateways. */
export async function sumOver(gateways: readonly GatewayProcess[], name: string): Promise<number> {
  const all = await Promise.all(gateways.map(samplesOf));
  return all.reduce((sum, samples) => sum + (samples.get(name) ?? 0), 0);
}

/** What the gateways show together, as the clients keep their books. */
export async function countedBy(
  gateways: readonly GatewayProcess[],
  clients: Iterable<string>,
): Promise<Map<string, Books>> {
  const all = await Promise.all(gateways.map(samplesOf));
  const sum = (metric: string, client: string): number =>
    all.reduce((total, samples) => total + (samples.get(`${metric}_total{client="${client}"}`) ?? 0), 0);
  return new Map(
    [...clients].map((client) => [
      client,
      { batches: sum('sent', client), numbers: sum('numbers', client), squares: sum('squares', client) },
    ]),
  );
}
