/* Prints what the rules make of the sample: `npx tsx packages/service/src/security/sample/report.ts [tuning|heldOut|fresh]`. */
import { measure, type Part } from './readSample';

const PARTS: readonly Part[] = ['tuning', 'heldOut', 'fresh'];
const asked = process.argv[2];
const parts: readonly Part[] = PARTS.filter((part) => asked === undefined || part === asked);

for (const part of parts) {
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
