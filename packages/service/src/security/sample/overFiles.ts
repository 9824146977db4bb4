/* Prints which lines of files look like attacks: `git ls-files '*.md' | xargs npx tsx packages/service/src/security/sample/overFiles.ts`. */
import { readFileSync } from 'node:fs';
import { inspectText, REFUSE_SCORE } from '../detect/inspectText';

let lines = 0;
let refusable = 0;
const found: string[] = [];

for (const path of process.argv.slice(2)) {
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const text = line.trim();
    if (text === '') continue;
    lines++;
    const suspicion = inspectText(text);
    if (!suspicion) continue;
    if (suspicion.score >= REFUSE_SCORE) refusable++;
    found.push(`${suspicion.kind} ${suspicion.signals.join(',')}\t${path}\t${text.slice(0, 120)}`);
  }
}

const share = ((100 * found.length) / lines).toFixed(3);
process.stdout.write(
  `${found.join('\n')}\n${found.length} of ${lines} lines (${share} %), ${refusable} refusable\n`,
);
