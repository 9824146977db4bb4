import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadReport, putLoad } from '../../packages/gateway/fixtures/load';
import { type ProcessSample, watchProcess } from './watchProcess';

export interface LoadSize {
  readonly clients: number;
  /** Between two flushes of one client. */
  readonly flushSeconds: number;
  readonly minutes: number;
  readonly connections: number;
}

export interface MeasuredLoad {
  readonly size: LoadSize;
  readonly report: LoadReport;
  /**
   * Samples of `/metrics` that are not what the acknowledged batches add up to. Where some were never acknowledged, they
   * may have been counted all the same.
   */
  readonly wrong: number;
  /** The gateway, every five seconds. */
  readonly process: readonly ProcessSample[];
  /** Bytes of the store's file. */
  readonly storeBytes: number;
  /** Of the machine, over the last minute, before the load and after: what else ran beside it. */
  readonly machineLoad: readonly [before: number, after: number];
}

/** What the issue asks for: 10,000 players, a batch of each every five seconds, for two minutes. */
const tenThousandPlayers: LoadSize = {
  clients: 10_000,
  flushSeconds: 5,
  minutes: 2,
  connections: 500,
};

const SAMPLE_MS = 5_000;
const WARM_UP_FLUSHES = 1;
const cli = new URL('../../packages/gateway/dist/cli.js', import.meta.url).pathname;

async function readSamples(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Map(
    text.split('\n').map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** Runs the built gateway in a process and puts the load on it from another; the first flush of all warms it up. */
export async function measureLoad(size: LoadSize = tenThousandPlayers): Promise<MeasuredLoad> {
  const dir = mkdtempSync(join(tmpdir(), 'artel-bench-load-'));
  const child = spawn(process.execPath, [cli], {
    env: { PATH: process.env['PATH'], GATEWAY_PORT: '0', DATA_DIR: dir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(child.stdout, 'data');
    const url = /http:\S+/.exec(String(line))?.[0];
    if (url === undefined || child.pid === undefined) throw new Error('the gateway has not started');
    const flushMs = size.flushSeconds * 1_000;
    const { clients, connections } = size;
    const load = { url, clients, flushMs, connections };
    await putLoad({ ...load, name: 'warm', flushes: WARM_UP_FLUSHES });
    const before = await readSamples(url);
    const [loadBefore = 0] = loadavg();
    const stop = watchProcess(child.pid, SAMPLE_MS);
    const flushes = Math.round((size.minutes * 60) / size.flushSeconds);
    const report = await putLoad({ ...load, name: 'player', flushes });
    const samples = stop();
    const [loadAfter = 0] = loadavg();
    const after = await readSamples(url);
    const wrong = Object.entries(report.samples).filter(
      ([name, added]) => (after.get(name) ?? 0) - (before.get(name) ?? 0) !== added,
    );
    return {
      size,
      report,
      wrong: wrong.length,
      process: samples,
      storeBytes: statSync(join(dir, 'gateway', 'data.mdb')).size,
      machineLoad: [loadBefore, loadAfter],
    };
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'close');
    }
    rmSync(dir, { recursive: true, force: true });
  }
}
