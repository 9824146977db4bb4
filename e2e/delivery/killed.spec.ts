import { crash, expect, expectKept, tap, test, UNSENT } from './lab';

const TAPS = 50;

test('taps survive the browser being killed before any was sent', async ({ lab }) => {
  const first = await lab.startChromium();
  const page = await first.context.newPage();
  await page.goto(`${lab.app}/${UNSENT}`);
  await tap(page, TAPS);
  await expectKept(page, TAPS);
  await first.kill();
  expect(await lab.taps()).toBe(0);

  const second = await lab.startChromium();
  const next = await second.context.newPage();
  await next.goto(lab.app);
  await lab.expectExactly(TAPS, next);
  expect(await next.evaluate(() => window.telemetry.stats().adopted)).toBe(TAPS);
});

test('taps survive the browser being killed while the gateway is gone', async ({ lab }) => {
  const first = await lab.startChromium();
  const page = await first.context.newPage();
  await page.goto(lab.app);
  lab.server.down = true;
  // Some wait in the outbox, having failed, and the last ones in the open window.
  await tap(page, TAPS);
  await page.evaluate(() => window.telemetry.flush());
  await tap(page, TAPS);
  await expectKept(page, 2 * TAPS);
  await first.kill();
  lab.server.down = false;
  expect(await lab.taps()).toBe(0);

  const second = await lab.startChromium();
  const next = await second.context.newPage();
  await next.goto(lab.app);
  await lab.expectExactly(2 * TAPS, next);
  expect(await next.evaluate(() => window.telemetry.stats().adopted)).toBe(2 * TAPS);
});

test('taps survive the crash of the renderer', async ({ lab, context }) => {
  const page = await context.newPage();
  await page.goto(`${lab.app}/${UNSENT}`);
  await tap(page, TAPS);
  await expectKept(page, TAPS);
  await crash(page);
  expect(await lab.taps()).toBe(0);

  const next = await context.newPage();
  await next.goto(lab.app);
  await lab.expectExactly(TAPS, next);
  expect(await next.evaluate(() => window.telemetry.stats().adopted)).toBe(TAPS);
});
