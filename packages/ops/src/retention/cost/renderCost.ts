import { type Cost, type CostLine, MONTH } from './cost';

const dollars = (value: number): string => `$${value.toFixed(2)}`;
const gb = (value: number): string => `${value.toLocaleString('en-US', { maximumSignificantDigits: 4 })} GB`;

function lineText({
  what,
  tier,
  volume,
  gbPerDay,
  days,
  gb: kept,
  pricePerGbMonth,
  monthly,
}: CostLine): string {
  return `  ${what.padEnd(24)} ${tier.padEnd(5)} ${volume} = ${gb(gbPerDay)}/day; × ${Number(days.toFixed(2))} days = ${gb(kept)}; × $${pricePerGbMonth}/GB = ${dollars(monthly)}\n`;
}

const kinds = ['logs', 'metrics', 'traces'] as const;

/** The model for people: every product, the sums, and how they stand to what was stated. */
export function renderCost({ input, lines, totals, stated, logsAfter }: Cost): string {
  const { logsGbPerDay, tracesGbPerDay, series, scrapeInterval } = input;
  const parts = kinds.map((kind) => {
    const own = lines.filter((line) => line.kind === kind && line.monthly > 0);
    return `${kind}\n${own.map(lineText).join('')}  ${`${kind} a month`.padEnd(24)} ${dollars(totals[kind])}\n`;
  });
  const compared = [...kinds, 'total' as const].map(
    (kind) =>
      `  ${kind.padEnd(8)} reckoned ${dollars(totals[kind]).padStart(10)}   stated ${dollars(stated[kind]).padStart(10)}   difference ${dollars(
        totals[kind] - stated[kind],
      )
        .replace('$-', '-$')
        .padStart(10)}\n`,
  );
  const { logsGbPerDay: atGb, hotPrice } = stated;
  const flat = atGb * MONTH * hotPrice;
  return [
    `${logsGbPerDay} GB of logs and ${tracesGbPerDay} GB of spans a day, ${series.toLocaleString('en-US')} series every ${scrapeInterval / 1_000} s; storage only, once everything has been kept for its whole time\n\n`,
    ...parts,
    `${'total a month'.padEnd(26)} ${dollars(totals.total)}\n\n`,
    'Beside what was stated:\n',
    ...compared,
    Math.abs(flat - stated.logs) < 0.01
      ? `The stated ${dollars(stated.logs)} for logs is ${atGb} GB × ${MONTH} days × $${hotPrice}: one month of lines on the dearest disk, not compressed, and nothing kept for longer.\n`
      : `The stated ${dollars(stated.logs)} for logs, of ${atGb} GB a day, follows from no price of the policies.\n`,
    'For metrics and traces it tells no volume, so there is nothing that would come to its figures.\n',
    'It knew only the first month. Logs grow for as long as the longest is kept:\n',
    ...logsAfter.map(({ days, monthly }) => `  after ${days} days ${dollars(monthly)} a month\n`),
    `  at last ${dollars(totals.logs)} a month\n`,
  ].join('');
}
