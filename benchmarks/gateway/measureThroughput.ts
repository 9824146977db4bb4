import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, readConfig } from '../../packages/gateway/dist/index.js';
import { makeBodies } from './bodies';

/** Points a second of CPU time, and of the clock. */
export interface Rate {
  readonly perCpuSecond: number;
  readonly perSecond: number;
}

export interface Throughput {
  readonly points: number;
  /** Bare `JSON.parse` and a `Map` of sums: what no gateway that reads JSON can be faster than. */
  readonly ceiling: Rate;
  /** The whole way of a batch but the socket: decode, check, ledger, aggregate, and the commit to disk. */
  readonly gateway: Rate;
}

/** Requests under way at once: what a group commit is made of. */
const CONCURRENCY = 64;

interface Point {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value?: number;
  readonly values?: readonly number[];
}

async function rate(points: number, run: () => Promise<void> | void): Promise<Rate> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await run();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { perCpuSecond: points / ((user + system) / 1e6), perSecond: points / seconds };
}

/** Sums by name and labels; answers how many series there are, so that nothing of it can be left out. */
function parseAndCount(bodies: readonly Buffer[]): number {
  const sums = new Map<string, number>();
  for (const body of bodies) {
    const { metrics } = JSON.parse(body.toString()) as { metrics: readonly Point[] };
    for (const { name, labels, value, values } of metrics) {
      let key = name;
      for (const label in labels) key += `\u0000${label}\u0000${labels[label]}`;
      let sum = sums.get(key) ?? 0;
      if (values) for (const one of values) sum += one;
      else sum += value ?? 1;
      sums.set(key, sum);
    }
  }
  return sums.size;
}

async function postAll(
  app: ReturnType<typeof createGateway>['app'],
  bodies: readonly Buffer[],
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let body = bodies[next++]; body; body = bodies[next++]) {
      const { statusCode } = await app.inject({ method: 'POST', url: '/api/metrics', payload: body });
      if (statusCode !== 202) throw new Error(`the gateway answered ${statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

/** Both in one process and one run, in turns, each warmed up; the medians of `rounds`. */
export async function measureThroughput(
  batches: number,
  points: number,
  rounds: number,
): Promise<Throughput> {
  const dataDir = mkdtempSync(join(tmpdir(), 'artel-bench-'));
  const gateway = createGateway(readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' }));
  try {
    const total = batches * points;
    const ceilings: Rate[] = [];
    const ours: Rate[] = [];
    for (let round = -1; round < rounds; round++) {
      const bodies = makeBodies(batches, points).map((body) =>
        Buffer.from(body.toString().replaceAll('"bench-', `"bench-${round + 1}-`)),
      );
      const ceiling = await rate(total, () => void parseAndCount(bodies));
      const our = await rate(total, () => postAll(gateway.app, bodies));
      if (round < 0) continue;
      ceilings.push(ceiling);
      ours.push(our);
    }
    return { points, ceiling: middle(ceilings), gateway: middle(ours) };
  } finally {
    await gateway.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function middle(rates: readonly Rate[]): Rate {
  const sorted = [...rates].sort((a, b) => a.perCpuSecond - b.perCpuSecond);
  const one = sorted[sorted.length >> 1];
  if (!one) throw new Error('nothing was measured');
  return one;
}
