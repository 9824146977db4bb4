// Makes the pictures in docs/: the demo on a phone and on a tablet, and the live page of a gateway after a minute of play.
// `npm run screenshots`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '@artel/test-support/programs/launch';
import { freePort } from '@artel/test-support/programs/port';
import { requireBrowser } from '@artel/test-support/programs/requirements';
import { gameService, gatewayService, miniApp, type Places } from '@artel/test-support/servers/demo';
import { chromium } from 'playwright-core';
import { shootApp } from './appPictures';
import { shootLivePage } from './livePicture';

const folder = mkdtempSync(join(tmpdir(), 'artel-screenshots-'));
const places: Places = {
  miniAppPort: await freePort(),
  gatewayPort: await freePort(),
  gamePort: await freePort(),
  dataDir: folder,
};
const running = await Promise.all([gatewayService(places), gameService(places), miniApp(places)].map(launch));
const found = requireBrowser();
if ('missing' in found) throw new Error(found.missing);
const browser = await chromium.launch({
  executablePath: found.path,
  args: ['--no-sandbox', '--disable-background-networking'],
});
try {
  await shootApp(browser, `http://127.0.0.1:${places.miniAppPort}`);
  await shootLivePage(browser, 'docs/live.png');
} finally {
  await browser.close();
  await Promise.all(running.map((service) => service.stop()));
  rmSync(folder, { recursive: true, force: true });
}
