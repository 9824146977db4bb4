import type { Exchange } from '@artel/test-support/proxies/faultServer';
import type { Page } from '@playwright/test';
import { expect, tap, test } from './lab';

const EVENTS = 10;

/** Tracks 40 KB of Cyrillic: ten events, each with 2,048 letters of two bytes. */
function trackCyrillic(page: Page): Promise<void> {
  return page.evaluate((events) => {
    const text = 'Колхоз'.repeat(342).slice(0, 2_048);
    for (let i = 0; i < events; i++) window.telemetry.trackUserAction('tap', { note: text, number: i });
  }, EVENTS);
}

const LETTERS = /[Ѐ-ӿ]/gu;

test('40 KB of Cyrillic leave with a page that is left, in beacons that fit and ask no permission', async ({
  lab,
  page,
}) => {
  await page.goto(lab.app);
  await trackCyrillic(page);
  await page.goto(`${lab.app}/bare`);
  await expect.poll(lab.taps).toBe(EVENTS);
  // A request under way while the page leaves is overtaken by a beacon with the same batch.
  const batches = new Map(
    lab.server.exchanges.map((one) => [(JSON.parse(one.text) as { readonly seq: number }).seq, one]),
  );
  const sum = (of: (one: Exchange) => number) =>
    [...batches.values()].reduce((total, one) => total + of(one), 0);
  expect(sum(({ text }) => (text.match(LETTERS) ?? []).length)).toBe(EVENTS * 2_048);
  expect(sum(({ bytes }) => bytes)).toBeLessThan(65_536);
  expect(lab.server.exchanges.map(({ method }) => method)).not.toContain('OPTIONS');

  // What the beacons brought is kept until it is answered for, and is not counted again.
  await page.goto(lab.app);
  await lab.expectExactly(EVENTS, page);
});

test('40 KB of Cyrillic in a tab that is closed arrive at the latest with the next opening', async ({
  lab,
  context,
}) => {
  const page = await context.newPage();
  await page.goto(lab.app);
  await trackCyrillic(page);
  await page.close();
  const next = await context.newPage();
  await next.goto(lab.app);
  await lab.expectExactly(EVENTS, next);
});

test('a page that leaves while the gateway is gone delivers with the next opening', async ({ lab, page }) => {
  await page.goto(lab.app);
  lab.server.failNext(...Array.from({ length: 50 }, () => ({ kind: 'cut' }) as const));
  await trackCyrillic(page);
  await page.goto(`${lab.app}/bare`);
  await page.waitForTimeout(500);
  expect(await lab.taps()).toBe(0);
  lab.server.heal();
  await page.goto(lab.app);
  await lab.expectExactly(EVENTS, page);
});

test('a page that comes back from the back/forward cache goes on counting exactly', async ({ lab }) => {
  const { context } = await lab.startChromium();
  const page = await context.newPage();
  await page.goto(lab.app);
  await page.evaluate(() => {
    window.addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }));
  });
  for (let visit = 0; visit < 3; visit++) {
    await tap(page, 10);
    await page.goto(`${lab.app}/bare`);
    // What was counted before does not wait for the way back, which comes only then.
    await expect.poll(lab.taps).toBe(20 * visit + 10);
    await page.goBack({ waitUntil: 'commit' });
    await page.waitForFunction(() => window.telemetry !== undefined);
    await expect.poll(() => page.evaluate(() => (window as { persisted?: boolean }).persisted)).toBe(true);
    await tap(page, 10);
    await page.evaluate(() => window.telemetry.flush());
  }
  await lab.expectExactly(60, page);
});

test('a page that is frozen and resumed goes on counting exactly', async ({ lab }) => {
  const { context } = await lab.startChromium({ tabsHide: true });
  const page = await context.newPage();
  await page.goto(lab.app);
  await page.evaluate(() => {
    document.addEventListener('freeze', () => {
      document.title = `${document.title}, frozen`;
    });
  });
  const session = await context.newCDPSession(page);
  for (let sleep = 0; sleep < 2; sleep++) {
    await page.bringToFront();
    const other = await context.newPage();
    await other.goto(lab.app);
    await other.bringToFront();
    // Only a hidden page is ever frozen.
    await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden');
    await tap(page, 10);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    // What was counted before the sleep does not wait for its end.
    await expect.poll(lab.taps).toBe(30 * sleep + 10);
    await tap(other, 10);
    await other.evaluate(() => window.telemetry.flush());
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await tap(page, 10);
    await page.evaluate(() => window.telemetry.flush());
    await other.close();
  }
  expect(await page.title()).toBe('Delivery, frozen, frozen');
  await lab.expectExactly(60, page);
});
