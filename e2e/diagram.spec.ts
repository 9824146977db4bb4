import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mermaid } from 'mermaid';
import { expect, test, withoutBrowser } from './base';

test.skip(...withoutBrowser);

declare global {
  interface Window {
    mermaid: Mermaid;
  }
}

const docs = fileURLToPath(new URL('../docs', import.meta.url));
const library = join(dirname(createRequire(import.meta.url).resolve('mermaid')), 'mermaid.min.js');

/** The diagrams of all documents, each with its document's name. */
const diagrams = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) =>
    [...readFileSync(join(docs, name), 'utf8').matchAll(/^```mermaid\n(.+?)^```$/gms)].map(
      ([, text = '']) => ({
        name,
        text,
      }),
    ),
  );

test('the diagrams of the documents are drawn, by what GitHub draws them with', async ({ page }) => {
  expect(diagrams.map(({ name }) => name)).toContain('architecture.md');
  await page.setContent('<!doctype html><title>Diagrams</title>');
  await page.addScriptTag({ path: library });
  // As GitHub has it: no HTML that does anything.
  await page.evaluate(() => window.mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' }));
  const draw = (text: string) =>
    page.evaluate(async (source) => (await window.mermaid.render('drawn', source)).svg, text);
  for (const { text } of diagrams) {
    const svg = await draw(text);
    expect(svg).toMatch(/^<svg/);
    for (const [, label = ''] of text.matchAll(/\["([^"<]+)/g)) expect(svg).toContain(label);
  }
  const [first] = diagrams;
  await expect(draw((first?.text ?? '').replace('-->', '--->>'))).rejects.toThrow(/Parse error|Syntax error/);
});
