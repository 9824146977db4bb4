import { readFileSync } from 'node:fs';
import { readSnippet } from '@artel/test-support/programs/readSnippet';
import { expect, startPageLab, test, withoutBrowser } from './base';

test.skip(...withoutBrowser);

const scripts = ['artel-telemetry.js', 'artel-telemetry.global.js'];
const charsets = [
  { declared: '; charset=utf-8', read: 'UTF-8' },
  { declared: '', read: 'windows-1252' },
];

for (const name of scripts) {
  for (const { declared, read } of charsets) {
    test(`the example for ${name} counts, in a page read as ${read}`, async ({ page, folder }) => {
      const files: Readonly<Record<string, { readonly type: string; readonly text: string }>> = {
        '/': {
          type: 'text/html',
          text: `<!doctype html><link rel="icon" href="data:,">${readSnippet('docs/versions.md', name)}`,
        },
        [`/${name}`]: {
          type: 'text/javascript',
          text: readFileSync(`packages/core/dist/browser/${name}`, 'utf8'),
        },
      };
      const lab = await startPageLab({
        folder,
        serve({ pathname }) {
          const file = files[pathname];
          return file && { ...file, headers: { 'content-type': file.type + declared } };
        },
      });
      const troubles: string[] = [];
      page.on('pageerror', ({ message }) => troubles.push(message));
      page.on('console', (message) => troubles.push(message.text()));
      await page.goto(lab.server.url);
      await expect.poll(() => lab.counted('user_action_total', { action: 'opened' })).toBe(1);
      expect(await page.evaluate(() => document.characterSet)).toBe(read);
      expect(troubles).toEqual([]);
      await lab.close();
    });
  }
}
