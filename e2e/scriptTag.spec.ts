import { readFileSync } from 'node:fs';
import { expect, startPageLab, test, withoutBrowser } from './base';

test.skip(...withoutBrowser);

const start = `createTelemetry({ endpoint: '/api/metrics', app: 'script-tag' }).trackUserAction('tap')`;

const scripts = [
  {
    name: 'artel-telemetry.js',
    head: `<script type="module">import { createTelemetry } from '/artel-telemetry.js'; ${start}</script>`,
  },
  {
    name: 'artel-telemetry.global.js',
    head: `<script src="/artel-telemetry.global.js"></script><script>ArtelTelemetry.${start}</script>`,
  },
];
const charsets = [
  { declared: '; charset=utf-8', read: 'UTF-8' },
  { declared: '', read: 'windows-1252' },
];

for (const { name, head } of scripts) {
  for (const { declared, read } of charsets) {
    test(`a page without a bundler counts a tap with ${name}, read as ${read}`, async ({ page, folder }) => {
      const files: Readonly<Record<string, { readonly type: string; readonly text: string }>> = {
        '/': { type: 'text/html', text: `<!doctype html><link rel="icon" href="data:,">${head}` },
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
      await expect.poll(() => lab.counted('user_action_total', { action: 'tap' })).toBe(1);
      expect(await page.evaluate(() => document.characterSet)).toBe(read);
      expect(troubles).toEqual([]);
      await lab.close();
    });
  }
}
