import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSync } from 'esbuild';

/** Clients that all flush at one rate, each at its own time. */
export interface Load {
  /** Of the gateway. */
  readonly url: string;
  /** Start of the producers' names, so that two loads are of different producers. */
  readonly name: string;
  readonly clients: number;
  /** Between two flushes of one client, in ms. */
  readonly flushMs: number;
  /** How often each flushes. */
  readonly flushes: number;
  /** How many connections they share, as behind a proxy. */
  readonly connections: number;
}

/** From when a batch was due until its 202, in ms. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadReport {
  readonly batches: number;
  readonly acknowledged: number;
  readonly seconds: number;
  /** Answers by status, those to tries that were to be repeated too; `none` is a connection that broke. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly latency: Latency;
  /** The same of the batches that each flush of all clients was made of, one after the other. */
  readonly flushes: readonly Latency[];
  /** What the acknowledged batches have added to each sample of `/metrics`. */
  readonly samples: Readonly<Record<string, number>>;
  readonly logs: number;
  /** What the load itself took. */
  readonly cpuSeconds: number;
}

function isReport(value: unknown): value is LoadReport {
  return typeof value === 'object' && value !== null && 'acknowledged' in value && 'samples' in value;
}

/** Puts a load on a gateway, from a process of its own; resolves when all is acknowledged, or two minutes after the last. */
export async function putLoad(load: Load): Promise<LoadReport> {
  const dir = mkdtempSync(join(tmpdir(), 'artel-load-'));
  try {
    const outfile = join(dir, 'generateLoad.mjs');
    buildSync({
      entryPoints: [join(import.meta.dirname, 'generateLoad.fixture.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    const child = spawn(process.execPath, [outfile, JSON.stringify(load)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const report: unknown = JSON.parse(out);
    if (!isReport(report)) throw new Error('the load has made no report');
    return report;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
