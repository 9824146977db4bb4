/* Prints what the rules make of the sample: `npx tsx packages/service/src/security/sample/report.ts [tuning|heldOut|fresh]`. */
import { measure, parts } from './readSample';

const asked = process.argv[2];
const chosen = parts.filter((part) => asked === undefined || part === asked);

for (const part of chosen) {
  const { attacks, ordinary, recall, precision, kindRight, refused, recallByKind, missed, wronged } =
    measure(part);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const lines = [
    `${part}: ${attacks} attacks, ${ordinary} ordinary`,
    `  recall ${percent(recall)}, precision ${percent(precision)}, kind right ${percent(kindRight)}, refusable ${percent(refused)}`,
    ...Object.entries(recallByKind).map(([kind, share]) => `  ${kind}: ${percent(share)}`),
    ...missed.map((line) => `  missed   ${line}`),
    ...wronged.map((line) => `  wronged  ${line}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
