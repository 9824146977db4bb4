import { markdownTable, short } from '../markdownTable';
import type { Throughput } from './measureThroughput';

/** The goal: the gateway's share of the ceiling, with durability on. */
const GOAL = 0.6;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const thousands = (rate: number): string => Math.round(rate / 1_000).toLocaleString('en');

/** The section of the report on what one core carries. */
export function renderThroughput(all: readonly Throughput[]): string {
  const best = Math.max(...all.map(({ ofCeiling }) => ofCeiling));
  const verdict = best >= GOAL ? 'reached at the largest share' : 'missed';
  return [
    `The goal, ${percent(GOAL)} of the ceiling, is ${verdict}: ${percent(best)} at the most.`,
    '',
    markdownTable(
      [
        'points per batch',
        'of the ceiling',
        'of a bare HTTP server',
        'ceiling, k points/s',
        'bare server',
        'gateway',
        'µs a batch',
        'batches/s',
      ],
      all.map(({ title, shape, ofCeiling, ofBareServer, ceiling, bareServer, gateway, batchesPerSecond }) => [
        title,
        percent(ofCeiling),
        percent(ofBareServer),
        thousands(ceiling),
        thousands(bareServer),
        thousands(gateway),
        short((shape.points / gateway) * 1e6),
        Math.round(batchesPerSecond).toLocaleString('en'),
      ]),
    ),
  ].join('\n');
}
