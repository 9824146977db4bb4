// A process of its own, which plays the clients: `node generateLoad.js '{"url": …}'`. Prints the report as JSON.
import { createConnections } from './connections.fixture';
import type { Latency, Load, LoadReport } from './load.fixture';
import { makeWindows } from './playerBatches.fixture';

const WINDOWS = 1_000;
const TICK_MS = 2;
/** How long after the last batch the last answer may come. */
const DRAIN_MS = 120_000;

function isLoad(value: unknown): value is Load {
  return typeof value === 'object' && value !== null && 'url' in value && 'clients' in value;
}

const load: unknown = JSON.parse(process.argv[2] ?? 'null');
if (!isLoad(load)) throw new Error('the load is to be given as JSON');
const { url, clients, flushMs, flushes, connections: width, name } = load;

const windows = makeWindows(WINDOWS);
const connections = createConnections(url, width);
const total = clients * flushes;
/** By batch; of those that are not acknowledged, none. */
const latencies = new Float64Array(total).fill(Number.NaN);
const samples = new Map<string, number>();
const statuses = new Map<string, number>();
let logs = 0;
let sent = 0;
let acknowledged = 0;

const count = (tally: Map<string, number>, key: string, by = 1): void => {
  tally.set(key, (tally.get(key) ?? 0) + by);
};

/** Batch `index` of all: each client flushes every `flushMs`, and their flushes are spread over that time. */
function post(index: number, due: number): void {
  const client = index % clients;
  const seq = Math.floor(index / clients) + 1;
  const window = windows[index % WINDOWS];
  if (!window) return;
  connections.post(`{"producer":"${name}-${client}","seq":${seq},${window.rest}`, (response) => {
    count(statuses, String(response?.status ?? 'none'));
    if (response?.status !== 202) {
      // As the client does it: the same batch again.
      setTimeout(() => post(index, due), (response?.retryAfter || 1) * 1_000);
      return;
    }
    latencies[index] = performance.now() - due;
    acknowledged++;
    for (const [sample, value] of window.adds) count(samples, sample, value);
    logs += window.logs;
  });
}

function latencyOf(some: Float64Array): Latency {
  const sorted = some.filter((ms) => !Number.isNaN(ms)).sort();
  const part = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: part(0.5), p95: part(0.95), p99: part(0.99), max: part(1) };
}

const cpu = process.cpuUsage();
const began = performance.now();
const dueAt = (index: number): number => began + (index * flushMs) / clients;

const finish = (): void => {
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  connections.close();
  const report: LoadReport = {
    batches: total,
    acknowledged,
    seconds,
    statuses: Object.fromEntries(statuses),
    latency: latencyOf(latencies),
    flushes: Array.from({ length: flushes }, (_, at) =>
      latencyOf(latencies.subarray(at * clients, (at + 1) * clients)),
    ),
    samples: Object.fromEntries(samples),
    logs,
    cpuSeconds: (user + system) / 1e6,
  };
  process.stdout.write(JSON.stringify(report), () => process.exit(0));
};

// Open loop: a batch is sent when it is due, however long the answers to others take, and its latency counts from then.
const ticker = setInterval(() => {
  const now = performance.now();
  while (sent < total && dueAt(sent) <= now) {
    post(sent, dueAt(sent));
    sent++;
  }
  if (acknowledged < total && now < dueAt(total) + DRAIN_MS) return;
  clearInterval(ticker);
  finish();
}, TICK_MS);
