import { fileURLToPath } from 'node:url';
import { startFakeSentry } from '@artel/test-support/fakes/sentry';
import { sumSamples } from '@artel/test-support/programs/exposition';
import { launch } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { readExample } from '@artel/test-support/programs/readSnippet';
import { gatewayService } from '@artel/test-support/servers/demo';
import { build } from 'esbuild';
import { startFaultServer } from './delivery/faultServer';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);

const packages = fileURLToPath(new URL('../packages', import.meta.url));

/** A page that runs the first example of a package's README, before a gateway; answers what has been counted. */
async function serveExample(name: string, folder: string, edit = (code: string) => code) {
  const { outputFiles } = await build({
    stdin: {
      contents: edit(readExample(`${packages}/${name}/README.md`, 'ts')),
      loader: 'tsx',
      resolveDir: `${packages}/${name}`,
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    // A package finds itself by its own name.
    alias: { [`@artel/telemetry-${name}`]: `${packages}/${name}/dist/index.js` },
    logLevel: 'silent',
  });
  const html =
    '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/page.js"></script>';
  const gatewayPort = await freePort();
  const gateway = `http://127.0.0.1:${gatewayPort}`;
  const running = await launch(gatewayService({ gatewayPort, dataDir: folder, miniAppPort: 0, gamePort: 0 }));
  const server = await startFaultServer(gateway, {
    '/': { type: 'text/html', text: html },
    '/page.js': { type: 'text/javascript', text: outputFiles[0]?.text ?? '' },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    counted: async (metric: string, labels: Readonly<Record<string, string>> = {}) =>
      sumSamples(await (await fetch(`${gateway}/metrics`)).text(), metric, labels),
    async stop() {
      await running.stop();
      await server.close();
    },
  };
}

test('the first example of core counts', async ({ page, folder }) => {
  const example = await serveExample('core', folder);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(example.url);
  await expect.poll(() => example.counted('shots_total', { cue: 'ash' })).toBe(1);
  expect(await example.counted('user_action_total', { action: 'ball_clicked', page: '/' })).toBe(1);
  expect(await example.counted('shot_power_count')).toBe(1);
  expect(troubles).toEqual([]);
  await example.stop();
});

test('the first example of react counts', async ({ page, folder }) => {
  const example = await serveExample('react', folder, (code) => code.replace(/^ *sentry: .*\n/m, ''));
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(example.url);
  await page.getByRole('button').first().click();
  await expect.poll(() => example.counted('user_action_total', { action: 'ball_clicked' })).toBe(1);
  expect(await example.counted('user_action_total', { action: 'page_view' })).toBe(1);
  expect(await example.counted('game_event_total', { event_type: 'ball_potted' })).toBe(1);
  expect(troubles).toEqual([]);
  await example.stop();
});

test('the first example of sentry reports', async ({ page, folder }) => {
  const sentry = await startFakeSentry();
  const example = await serveExample('sentry', folder, (code) =>
    code.replace('https://<key>@<host>/<project>', sentry.dsn),
  );
  await page.goto(example.url);
  const events = () => sentry.items.filter(({ type }) => type === 'event').map(({ payload }) => payload);
  await expect.poll(() => events().length).toBe(1);
  expect(events()[0]).toMatchObject({
    tags: { errorType: 'game' },
    contexts: { game: { game_type: 'kolkhoz' } },
  });
  await example.stop();
  await sentry.close();
});
