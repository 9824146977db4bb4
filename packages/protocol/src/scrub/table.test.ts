import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lookalikeLines, ordinaryLines, privateLines } from '../../fixtures/scrubTable';
import { scrubText } from './text';

/** Decodes a text until nothing changes, as a determined reader would. */
function reveal(text: string): string {
  const plain = text
    .replace(/%u([\da-f]{4})|\\+u([\da-f]{4})/gi, (_, one?: string, two?: string) =>
      String.fromCharCode(Number.parseInt(one ?? two ?? '', 16)),
    )
    .replace(/(?:%[\da-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    })
    .replace(/\\+(["'/\\])/g, '$1');
  return plain === text ? text : reveal(plain);
}

interface Count {
  held: number;
  left: string[];
}

/** By kind: how many secrets the lines contain, and the lines in which one is left. */
function countSecrets(): ReadonlyMap<string, Count> {
  const kinds = new Map<string, Count>();
  for (const { kind, text, secrets } of privateLines) {
    const before = reveal(text);
    const after = reveal(scrubText(text));
    const one = kinds.get(kind) ?? { held: 0, left: [] };
    kinds.set(kind, one);
    const held = secrets.filter((secret) => before.includes(reveal(secret)));
    expect(held.length, `a line of ${kind} holds none of its secrets: ${text}`).toBeGreaterThan(0);
    one.held += held.length;
    for (const secret of held) if (after.includes(reveal(secret))) one.left.push(`${secret} in ${text}`);
  }
  return kinds;
}

const changed = (lines: readonly string[]): string[] => lines.filter((line) => scrubText(line) !== line);

describe('the labelled table', () => {
  it('leaves nothing of a launch, a bot token, a header, a JWT or a URL’s query in any encoding', () => {
    const kinds = countSecrets();
    for (const kind of ['initData', 'bot token', 'JWT', 'address of a page', 't.me link'])
      expect(kinds.get(kind)?.left, kind).toEqual([]);
  });

  it('leaves ordinary lines unchanged', () => {
    expect(changed(ordinaryLines)).toEqual([]);
  });

  it('is idempotent on each of its lines', () => {
    for (const text of [...privateLines.map((line) => line.text), ...ordinaryLines, ...lookalikeLines]) {
      const once = scrubText(text);
      expect(scrubText(once)).toBe(once);
    }
  });

  it('has the numbers that docs/privacy.md states', () => {
    const kinds = [...countSecrets()];
    const held = kinds.reduce((sum, [, one]) => sum + one.held, 0);
    const left = kinds.flatMap(([, one]) => one.left);
    const filtered = privateLines.filter(({ text }) => scrubText(text) !== text).length;
    const wrongly = changed([...ordinaryLines, ...lookalikeLines]);
    const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
    const rows = [
      ...kinds.map(([kind, one]) => `| ${kind} | ${one.held - one.left.length} of ${one.held} |`),
      `| **all (recall)** | ${held - left.length} of ${held}, ${percent(held - left.length, held)} |`,
      `| **ordinary lines unchanged** | ${ordinaryLines.length - changed(ordinaryLines).length} of ${ordinaryLines.length} |`,
      `| **filtered lines that were private (precision)** | ${filtered} of ${filtered + wrongly.length}, ${percent(filtered, filtered + wrongly.length)} |`,
    ];
    const page = readFileSync(new URL('../../../../docs/privacy.md', import.meta.url), 'utf8');
    const cells = (line: string): string => line.replace(/\s*\|\s*/g, '|');
    const lines = page.split('\n').map(cells);
    const other = `docs/privacy.md states other numbers than\n${rows.join('\n')}\nwith these left\n${left.join('\n')}`;
    for (const row of rows) expect(lines, other).toContain(cells(row));
  });
});
