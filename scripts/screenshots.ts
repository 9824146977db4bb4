// Makes docs/mini-app.png, the lobby and a game in hand, light and dark, as on a phone, and docs/live.png, the live page
// of a gateway after a minute of play. `npm run screenshots`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { launch } from './launch';
import { shootLivePage } from './livePicture';
import { freePort } from './port';
import { requireBrowser } from './requirements';
import { gameService, gatewayService, miniApp, type Places } from './services';

const SIZE = { width: 360, height: 740 };

async function shoot(browser: Browser, app: string, colorScheme: 'light' | 'dark'): Promise<string[]> {
  const page = await browser.newPage({ viewport: SIZE, colorScheme, deviceScaleFactor: 2 });
  await page.goto(app);
  await page.getByTestId('game-type-kolkhoz').click();
  const lobby = await page.screenshot();
  await page.getByTestId('start-game').click();
  for (const ball of [3, 8, 11, 14]) {
    await page.getByTestId(`ball-${ball}`).click();
    await page.waitForTimeout(700);
  }
  await page.waitForTimeout(600);
  const game = await page.screenshot();
  await page.close();
  return [lobby, game].map((png) => `data:image/png;base64,${png.toString('base64')}`);
}

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
  const app = `http://127.0.0.1:${places.miniAppPort}`;
  const pictures = [...(await shoot(browser, app, 'light')), ...(await shoot(browser, app, 'dark'))];
  const page = await browser.newPage({ viewport: { width: 1180, height: 640 } });
  const images = pictures.map((src) => `<img src="${src}" width="270" height="555">`).join('');
  await page.setContent(
    `<style>body{margin:0;display:flex;gap:20px;padding:40px 20px;background:#8a94a6;justify-content:center}
     img{border-radius:22px;box-shadow:0 12px 32px #0006}</style>${images}`,
  );
  await page.screenshot({ path: 'docs/mini-app.png' });
  await page.close();
  await shootLivePage(browser, 'docs/live.png');
} finally {
  await browser.close();
  await Promise.all(running.map((service) => service.stop()));
  rmSync(folder, { recursive: true, force: true });
}
