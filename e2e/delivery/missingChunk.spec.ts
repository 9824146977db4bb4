import { expect, tap, test } from './lab';

/** Events with 4 KB each: more than the beacons of one page may carry. */
const EVENTS = 40;

test('a page whose delivery never loads sends by beacon as it hides, and the next page sends the rest', async ({
  lab,
  page,
}) => {
  const missed = page.waitForResponse(
    (response) => response.status() === 404 && response.url().includes('/missing/later'),
  );
  await page.goto(`${lab.app}/missing/`);
  await missed;
  await page.evaluate((events) => {
    const note = 'Колхоз'.repeat(342).slice(0, 2_048);
    for (let i = 0; i < events; i++) window.telemetry.trackUserAction('tap', { note, number: i });
  }, EVENTS);
  await page.goto(`${lab.app}/bare`);
  await expect.poll(lab.taps).toBeGreaterThan(0);
  expect(await lab.taps()).toBeLessThan(EVENTS);

  await page.goto(`${lab.app}/whole/`);
  await lab.expectExactly(EVENTS, page);
});

test('a page whose delivery loads as a chunk of its own counts exactly', async ({ lab, page }) => {
  await page.goto(`${lab.app}/whole/`);
  await tap(page, 10);
  await page.evaluate(() => window.telemetry.flush());
  await lab.expectExactly(10, page);
});
