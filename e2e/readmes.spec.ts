import { fileURLToPath } from 'node:url';
import { startFakeSentry } from '@artel/test-support/fakes/sentry';
import { readExample } from '@artel/test-support/programs/readSnippet';
import type { SiteFile } from '@artel/test-support/proxies/faultServer';
import { expect, startPageLab, test, withoutBrowser } from './base';
import { bundlePage } from './bundlePage';

test.skip(...withoutBrowser);

const packages = fileURLToPath(new URL('../packages', import.meta.url));

/** A page that runs the first example of a package's README, before a gateway; answers what has been counted. */
async function serveExample(name: string, folder: string, edit = (code: string) => code) {
  const scripts = await bundlePage({
    stdin: {
      contents: edit(readExample(`${packages}/${name}/README.md`, 'ts')),
      loader: 'tsx',
      resolveDir: `${packages}/${name}`,
    },
    entryNames: 'page',
    jsx: 'automatic',
    // A package finds itself by its own name.
    alias: { [`@artel/telemetry-${name}`]: `${packages}/${name}/dist/index.js` },
  });
  const files: Readonly<Record<string, SiteFile>> = {
    '/': {
      type: 'text/html',
      text: '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/page.js"></script>',
    },
    '/page.js': { type: 'text/javascript', text: scripts['/page.js'] ?? '' },
  };
  return startPageLab({ folder, serve: ({ pathname }) => files[pathname] });
}

test('the first example of core counts', async ({ page, folder }) => {
  const example = await serveExample('core', folder);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(example.server.url);
  await expect.poll(() => example.counted('shots_total', { cue: 'ash' })).toBe(1);
  expect(await example.counted('user_action_total', { action: 'ball_clicked', page: '/' })).toBe(1);
  expect(await example.counted('shot_power_count')).toBe(1);
  expect(troubles).toEqual([]);
  await example.close();
});

test('the first example of react counts', async ({ page, folder }) => {
  const example = await serveExample('react', folder, (code) => code.replace(/^ *sentry: .*\n/m, ''));
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(example.server.url);
  await page.getByRole('button').first().click();
  await expect.poll(() => example.counted('user_action_total', { action: 'ball_clicked' })).toBe(1);
  expect(await example.counted('user_action_total', { action: 'page_view' })).toBe(1);
  expect(await example.counted('game_event_total', { event_type: 'ball_potted' })).toBe(1);
  expect(troubles).toEqual([]);
  await example.close();
});

test('the first example of sentry reports', async ({ page, folder }) => {
  const sentry = await startFakeSentry();
  const example = await serveExample('sentry', folder, (code) =>
    code.replace('https://<key>@<host>/<project>', sentry.dsn),
  );
  await page.goto(example.server.url);
  const events = () => sentry.items.filter(({ type }) => type === 'event').map(({ payload }) => payload);
  await expect.poll(() => events().length).toBe(1);
  expect(events()[0]).toMatchObject({
    tags: { errorType: 'game' },
    contexts: { game: { game_type: 'kolkhoz' } },
  });
  await example.close();
  await sentry.close();
});
