import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { createGateway, readConfig } from '../../packages/gateway/dist/index.js';
import { median } from '../statistics';
import { createBareServer } from './bareServer';
import { type BodyShape, makeBodies } from './bodies';
import { parseAndCount } from './parseAndCount';
import type { Order, Report } from './sender';

/** Points a second of one core's time, by what takes them. */
export interface Throughput {
  readonly title: string;
  readonly shape: BodyShape;
  /** Bytes of the mean body, as it is sent. */
  readonly bodyBytes: number;
  /** Bare `JSON.parse` and a `Map` of sums, over the bodies in memory. */
  readonly ceiling: number;
  /** The same behind a bare `node:http` server. */
  readonly bareServer: number;
  /** The gateway behind its own sockets, each batch on the disk before its answer. */
  readonly gateway: number;
  /** Of the ceiling, and of the bare server: medians of the ratios of each turn. */
  readonly ofCeiling: number;
  readonly ofBareServer: number;
  /** Batches that the gateway answered a second of the clock, with the sender on the other core. */
  readonly batchesPerSecond: number;
}

/** The sizes that are measured: what a client sends at a time, and what it sends after an hour without a network. */
export const shapes: readonly (readonly [title: string, BodyShape])[] = [
  ['10 points', { points: 10, count: 4_000 }],
  ['50 points', { points: 50, count: 2_000 }],
  ['100 points', { points: 100, count: 1_200 }],
  ['200 points', { points: 200, count: 600 }],
  ['10 points and 3 log lines, gzip', { points: 10, lines: 3, gzip: true, count: 3_000 }],
  ['50 points, gzip', { points: 50, gzip: true, count: 2_000 }],
];

const ROUNDS = 7;

/** Whose page sends, as a browser says it with each request. */
const ORIGIN = 'https://game.example';

interface Turn {
  readonly cpuSeconds: number;
  readonly seconds: number;
}

/** CPU time of this process, all its threads, from now until the promise that `run` answers is settled. */
async function timed(run: () => Promise<void> | void): Promise<Turn> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuSeconds: (user + system) / 1e6, seconds: (performance.now() - began) / 1_000 };
}

async function reportOf(sender: ChildProcess): Promise<Report> {
  const [report] = (await once(sender, 'message')) as [Report];
  if (report.kind === 'failed') throw new Error(`the sender failed: ${report.reason}`);
  return report;
}

/** Has the sender make its requests and open its connections, and then measures how they are answered. */
async function answered(sender: ChildProcess, order: Order): Promise<Turn> {
  sender.send(order);
  await reportOf(sender);
  return timed(async () => {
    sender.send('go');
    await reportOf(sender);
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Everything in one process and one run, in turns, the first of which is for warming up. */
export async function measureThroughput(
  title: string,
  shape: BodyShape,
  rounds = ROUNDS,
): Promise<Throughput> {
  const dataDir = mkdtempSync(join(tmpdir(), 'artel-bench-'));
  const config = { DATA_DIR: dataDir, GATEWAY_PORT: '0', GATEWAY_HOST: '127.0.0.1', GATEWAY_ORIGINS: ORIGIN };
  const gateway = createGateway(readConfig(config));
  const port = Number(new URL(await gateway.listen()).port);
  const bare = createBareServer().listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const barePort = (bare.address() as AddressInfo).port;
  const sender = fork(fileURLToPath(new URL('./sender.ts', import.meta.url)), {
    execArgv: ['--import', import.meta.resolve('tsx')],
  });
  try {
    const turns: { readonly ceiling: Turn; readonly bareServer: Turn; readonly ours: Turn }[] = [];
    let bodyBytes = 0;
    for (let round = 0; round <= rounds; round++) {
      const now = Date.now();
      const sent = makeBodies(shape, round, now);
      bodyBytes = mean(sent.map(({ length }) => length));
      const bodies = shape.gzip ? sent.map((body) => gunzipSync(body)) : sent;
      const sums = new Map<string, number>();
      const ceiling = await timed(() => {
        for (const body of bodies) parseAndCount(body, sums);
      });
      const order = { shape, round, now, origin: ORIGIN };
      const bareServer = await answered(sender, { ...order, port: barePort });
      const ours = await answered(sender, { ...order, port });
      if (round > 0) turns.push({ ceiling, bareServer, ours });
    }
    const points = shape.count * shape.points;
    const rate = (of: (turn: (typeof turns)[number]) => Turn) =>
      points / median(turns.map((turn) => of(turn).cpuSeconds));
    return {
      title,
      shape,
      bodyBytes,
      ceiling: rate(({ ceiling }) => ceiling),
      bareServer: rate(({ bareServer }) => bareServer),
      gateway: rate(({ ours }) => ours),
      ofCeiling: median(turns.map(({ ceiling, ours }) => ceiling.cpuSeconds / ours.cpuSeconds)),
      ofBareServer: median(turns.map(({ bareServer, ours }) => bareServer.cpuSeconds / ours.cpuSeconds)),
      batchesPerSecond: shape.count / median(turns.map(({ ours }) => ours.seconds)),
    };
  } finally {
    sender.kill();
    bare.close();
    bare.closeAllConnections();
    await gateway.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
