// Makes the pictures in docs/: the demo on a phone and on a tablet, and the live page of a gateway after a minute of play.
// `npm run screenshots`.
import { requireBrowser } from '@artel/test-support/programs/requirements';
import { startApps } from '@artel/test-support/servers/demo';
import { chromium } from 'playwright-core';
import { shootApp } from './appPictures';
import { shootLivePage } from './livePicture';

const apps = await startApps();
const found = requireBrowser();
if ('missing' in found) throw new Error(found.missing);
const browser = await chromium.launch({
  executablePath: found.path,
  args: ['--no-sandbox', '--disable-background-networking'],
});
try {
  await shootApp(browser, apps.app.url);
  await shootLivePage(browser, 'docs/live.png');
} finally {
  await browser.close();
  await apps.close();
}
