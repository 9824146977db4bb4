import { markdownTable, short } from '../markdownTable';
import type { MeasuredLoad } from './measureLoad';

const MIB = 2 ** 20;
const megabytes = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;
const milliseconds = (ms: number): string => `${short(ms)} ms`;

/** The goal of issue 4, in ms. */
const GOAL_MS = 250;

/** The section of the report on one gateway under the load of many players. */
export function renderLoad({ size, report, wrong, process, storeBytes, machineLoad }: MeasuredLoad): string {
  const { acknowledged, batches, latency, flushes, seconds, statuses } = report;
  const first = process[0];
  const last = process.at(-1);
  const cpu = last && first ? (last.cpuSeconds - first.cpuSeconds) / (last.seconds - first.seconds) : 0;
  const rss = process.map(({ rssBytes }) => rssBytes);
  const anon = process.map(({ anonBytes }) => anonBytes);
  const answers = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  const calm = flushes.filter(({ p99 }) => p99 < GOAL_MS).length;
  const verdict = latency.p99 < GOAL_MS ? 'reached' : 'missed';
  const players = size.clients.toLocaleString('en');
  return [
    `${players} players in a process of their own, each with a batch of 5 points every ${size.flushSeconds} s for ` +
      `${size.minutes} minutes, over ${size.connections} connections; the gateway in its own process, durable as ever. ` +
      'A latency counts from when the batch was due.',
    '',
    markdownTable(
      ['', 'Measured'],
      [
        ['Requests a second', Math.round(acknowledged / seconds)],
        ['Acknowledged, of those sent', `${acknowledged} of ${batches}`],
        ['Answers', answers.join(', ')],
        ['Samples that were not exact', wrong],
        ['p50', milliseconds(latency.p50)],
        ['p95', milliseconds(latency.p95)],
        [`p99 (goal: under ${GOAL_MS} ms, ${verdict})`, milliseconds(latency.p99)],
        ['Slowest', milliseconds(latency.max)],
        [`Flushes of all players with a p99 under ${GOAL_MS} ms`, `${calm} of ${flushes.length}`],
        ['CPU of the gateway', `${Math.round(100 * cpu)} % of one core`],
        ['Memory of the gateway, first and last', `${megabytes(rss[0] ?? 0)}, ${megabytes(rss.at(-1) ?? 0)}`],
        [
          'Most of it, and most without files',
          `${megabytes(Math.max(...rss))}, ${megabytes(Math.max(...anon))}`,
        ],
        ['File of the store', megabytes(storeBytes)],
        ["Machine's load before and after", machineLoad.map((one) => one.toFixed(1)).join(', ')],
      ],
    ),
  ].join('\n');
}
