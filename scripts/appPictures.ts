// The pictures of the demo in the README: a phone and a tablet, in light and dark, in English and Russian.
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';

/** A screen of the demo: who looks at it, and what is done to bring it up. */
interface Screen {
  readonly colorScheme: 'light' | 'dark';
  readonly locale: 'en-GB' | 'ru-RU';
  readonly bringUp: (page: Page) => Promise<void>;
}

/** One picture: screens of one size beside each other. */
interface Sheet {
  readonly path: string;
  readonly size: { readonly width: number; readonly height: number };
  /** Width of one screen in the picture, in pixels. */
  readonly shown: number;
  readonly screens: readonly Screen[];
}

async function play(page: Page, balls: readonly number[]): Promise<void> {
  await page.getByTestId('game-type-kolkhoz').click();
  await page.getByTestId('start-game').click();
  for (const ball of balls) {
    await page.getByTestId(`ball-${ball}`).click();
    // Rolls for 620 ms.
    await page.waitForTimeout(700);
  }
  await page.waitForTimeout(600);
}

const lobby = async (): Promise<void> => {};
const game = (page: Page) => play(page, [3, 8, 11, 14]);

async function books(page: Page): Promise<void> {
  await play(page, [3, 8, 11]);
  await page.getByTestId('stats-toggle').click();
  await page.getByTestId('stats-flush').click();
  await page.locator('[data-testid="stats-pending"]:text-is("0")').waitFor();
}

async function batch(page: Page): Promise<void> {
  await books(page);
  await page.getByTestId('view-batch').click();
  await page.getByTestId('batch-metrics').waitFor();
}

async function settings(page: Page): Promise<void> {
  await page.getByTestId('tab-settings').click();
  await page.locator('[data-testid="settings-sent"]:not(:text-is("0"))').waitFor();
}

const sheets: readonly Sheet[] = [
  {
    path: 'docs/mini-app.png',
    size: { width: 360, height: 740 },
    shown: 270,
    screens: [
      { colorScheme: 'light', locale: 'en-GB', bringUp: lobby },
      { colorScheme: 'light', locale: 'en-GB', bringUp: game },
      { colorScheme: 'dark', locale: 'en-GB', bringUp: books },
      { colorScheme: 'dark', locale: 'ru-RU', bringUp: settings },
    ],
  },
  {
    path: 'docs/mini-app-tablet.png',
    size: { width: 820, height: 1180 },
    shown: 440,
    screens: [
      { colorScheme: 'light', locale: 'ru-RU', bringUp: game },
      { colorScheme: 'dark', locale: 'en-GB', bringUp: batch },
    ],
  },
];

async function shoot(browser: Browser, app: string, size: Sheet['size'], screen: Screen): Promise<string> {
  const { colorScheme, locale, bringUp } = screen;
  const page = await browser.newPage({ viewport: size, colorScheme, locale, deviceScaleFactor: 2 });
  await page.goto(app);
  await page.getByTestId('consent-allow').click();
  await bringUp(page);
  // Nothing under the pointer, nothing half faded.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(300);
  const png = await page.screenshot();
  await page.close();
  return `data:image/png;base64,${png.toString('base64')}`;
}

/** Makes the pictures of the demo that answers at `app`. */
export async function shootApp(browser: Browser, app: string): Promise<void> {
  for (const { path, size, shown, screens } of sheets) {
    const height = Math.round((shown / size.width) * size.height);
    const images: string[] = [];
    for (const screen of screens) {
      const source = await shoot(browser, app, size, screen);
      images.push(`<img src="${source}" width="${shown}" height="${height}">`);
    }
    const sheet = { width: screens.length * (shown + 20) + 20, height: height + 60 };
    const page = await browser.newPage({ viewport: sheet });
    await page.setContent(
      `<style>body{margin:0;display:flex;gap:20px;padding:30px 20px;background:#8a94a6}
       img{border-radius:22px}</style>${images.join('')}`,
    );
    // A palette of 256 colours takes a third of the bytes.
    await sharp(await page.screenshot())
      .png({ palette: true, effort: 10 })
      .toFile(path);
    await page.close();
  }
}
