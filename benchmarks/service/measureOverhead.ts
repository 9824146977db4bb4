import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { median, quantile } from '../statistics';
import type { Order, Report } from './sender';
import type { ServerOrder, ServerReport, Variant } from './server';
import { startDatabase } from './startDatabase';

/** One variant beside the bare server, on one handler. */
export interface Overhead {
  readonly handler: string;
  readonly variant: Variant;
  /** CPU time of the server's process for a request, in µs: medians of the turns. */
  readonly bareMicros: number;
  readonly micros: number;
  /** Requests answered a second of the clock: medians of the turns. */
  readonly barePerSecond: number;
  readonly perSecond: number;
  /** Medians of the ratios of each turn, less 1. */
  readonly cpuOverhead: number;
  readonly throughputLoss: number;
  /** Quartiles of the loss, over the turns. */
  readonly lossFrom: number;
  readonly lossTo: number;
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

interface Turn {
  readonly micros: number;
  readonly perSecond: number;
}

const handlers = [
  { name: 'one PostgreSQL query', path: '/query', requests: 1_000 },
  { name: 'empty', path: '/empty', requests: 2_000 },
] as const;

const variants: readonly Variant[] = ['full', 'untraced', 'silent'];

const CONNECTIONS = 16;
// Many short turns rather than a few long ones: what else runs on the machine then spoils some of them, and not the medians.
const ROUNDS = 21;
const WARM_UP = 4;

function start(file: string): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: { ...process.env, NODE_ENV: 'production' },
    // Lines go to standard output, as they do by default.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function told<T>(child: ChildProcess, message: object): Promise<T> {
  child.send(message);
  const [report] = (await once(child, 'message')) as [T];
  return report;
}

async function startServer(order: ServerOrder): Promise<Running> {
  const child = start('./server.ts');
  const report = await told<ServerReport>(child, order);
  if (!('port' in report)) throw new Error('the server told no port');
  return { child, port: report.port };
}

async function cpuOf(child: ChildProcess): Promise<number> {
  const report = await told<ServerReport>(child, {});
  if (!('cpuMicros' in report)) throw new Error('the server told no CPU time');
  return report.cpuMicros;
}

async function turn(sender: ChildProcess, server: Running, path: string, requests: number): Promise<Turn> {
  const before = await cpuOf(server.child);
  const order: Order = { port: server.port, path, requests, connections: CONNECTIONS };
  const report = await told<Report>(sender, order);
  if ('failure' in report) throw new Error(`the sender failed: ${report.failure}`);
  const after = await cpuOf(server.child);
  return { micros: (after - before) / requests, perSecond: requests / report.seconds };
}

/** What takes spans and events, and costs the servers no more than to send them. */
async function startSink(): Promise<{ readonly port: number; close(): void }> {
  const sink = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
  }).listen(0, '127.0.0.1');
  await once(sink, 'listening');
  const address = sink.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    close() {
      sink.closeAllConnections();
      sink.close();
    },
  };
}

/** A bare Fastify and each variant in processes of their own, asked in turns over one run; the first turns warm up. */
export async function measureOverhead(rounds = ROUNDS): Promise<readonly Overhead[]> {
  const sink = await startSink();
  const database = await startDatabase();
  const sender = start('./sender.ts');
  const order = {
    postgres: database.url,
    otlp: `http://127.0.0.1:${sink.port}`,
    sentryDsn: `http://key@127.0.0.1:${sink.port}/1`,
  };
  const servers = new Map<Variant, Running>();
  try {
    for (const variant of ['bare', ...variants] as const) {
      servers.set(variant, await startServer({ ...order, variant }));
    }
    const results: Overhead[] = [];
    for (const { name, path, requests } of handlers) {
      const turns = new Map<Variant, Turn[]>([...servers.keys()].map((variant) => [variant, []]));
      for (let round = -WARM_UP; round < rounds; round++) {
        // Each round begins with another, so that none always follows the same.
        const all = [...servers];
        const order = all.map((_, index) => all[(index + round + WARM_UP) % all.length]);
        for (const one of order) {
          if (!one) continue;
          const took = await turn(sender, one[1], path, requests);
          if (round >= 0) turns.get(one[0])?.push(took);
        }
      }
      const bare = turns.get('bare') ?? [];
      for (const variant of variants) {
        const ours = turns.get(variant) ?? [];
        const pairs = ours.flatMap((one, index) => {
          const beside = bare[index];
          return beside
            ? [{ cpu: one.micros / beside.micros - 1, loss: 1 - one.perSecond / beside.perSecond }]
            : [];
        });
        const losses = pairs.map(({ loss }) => loss);
        results.push({
          handler: name,
          variant,
          bareMicros: median(bare.map(({ micros }) => micros)),
          micros: median(ours.map(({ micros }) => micros)),
          barePerSecond: median(bare.map(({ perSecond }) => perSecond)),
          perSecond: median(ours.map(({ perSecond }) => perSecond)),
          cpuOverhead: median(pairs.map(({ cpu }) => cpu)),
          throughputLoss: median(losses),
          lossFrom: quantile(losses, 0.25),
          lossTo: quantile(losses, 0.75),
        });
      }
    }
    return results;
  } finally {
    for (const { child } of servers.values()) child.kill();
    sender.kill();
    await database.close();
    sink.close();
  }
}
