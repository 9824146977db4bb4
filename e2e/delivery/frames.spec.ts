import type { Page } from '@playwright/test';
import { expect, expectKept, type Lab, tap, test, UNSENT } from './lab';

/** Web K's frame around a Mini App. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-popups allow-forms allow-modals allow-storage-access-by-user-activation';

/** Opens the app in a frame that taps while it loads, and takes the frame away at once, `times` times. */
function openAndRemove(host: Page, src: string, times: number): Promise<void> {
  return host.evaluate(
    async ({ src, sandbox, times }) => {
      for (let i = 0; i < times; i++) {
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', sandbox);
        frame.src = src;
        const tapped = new Promise((resolve) => window.addEventListener('message', resolve, { once: true }));
        document.body.append(frame);
        await tapped;
        frame.remove();
      }
    },
    { src, sandbox: SANDBOX, times },
  );
}

/** Opens the app in a frame that stays, and answers the frame. */
async function openFrame(host: Page, src: string) {
  await host.evaluate(
    ({ src, sandbox }) => {
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', sandbox);
      frame.src = src;
      document.body.append(frame);
    },
    { src, sandbox: SANDBOX },
  );
  const element = await host.waitForSelector('iframe');
  const frame = await element.contentFrame();
  if (!frame) throw new Error('the frame has no page');
  await frame.waitForFunction(() => window.telemetry !== undefined);
  return frame;
}

/** Fifty frames, then one that stays: what the fifty could not deliver, it must. */
async function fiftyFrames(lab: Lab, host: Page) {
  await host.goto(`${lab.otherSite}/bare`);
  await openAndRemove(host, `${lab.app}/?tap`, 50);
  const frame = await openFrame(host, lab.app);
  await lab.expectExactly(50);
  await expect.poll(() => frame.evaluate(() => window.telemetry.stats().pending)).toBe(0);
}

test('a tap in a cross-site frame that is removed at once arrives, fifty times', async ({ lab }) => {
  const { context } = await lab.startChromium();
  await fiftyFrames(lab, await context.newPage());
});

// Playwright's contexts are off the record, where Chromium blocks storage to third parties that it does not partition.
test('a tap in a cross-site frame without any storage arrives, fifty times', async ({ lab, page }) => {
  await fiftyFrames(lab, page);
});

test('a tap in a frame that is removed while the gateway is gone arrives with the next opening', async ({
  lab,
}) => {
  const { context } = await lab.startChromium();
  const page = await context.newPage();
  await page.goto(`${lab.otherSite}/bare`);
  lab.server.failNext(...Array.from({ length: 40 }, () => ({ kind: 'cut' }) as const));
  await openAndRemove(page, `${lab.app}/?tap`, 5);
  await page.waitForTimeout(1_000);
  expect(await lab.taps()).toBe(0);
  lab.server.heal();
  await openFrame(page, lab.app);
  await lab.expectExactly(5);
});

test('with partitioned storage the app delivers from both partitions, each what it kept itself', async ({
  lab,
}) => {
  const first = await lab.startChromium();
  const own = await first.context.newPage();
  await own.goto(`${lab.app}/${UNSENT}`);
  await own.evaluate(() => localStorage.setItem('partition', 'first party'));
  const host = await first.context.newPage();
  await host.goto(`${lab.otherSite}/bare`);
  const frame = await openFrame(host, `${lab.app}/${UNSENT}`);
  expect(await frame.evaluate(() => localStorage.getItem('partition'))).toBeNull();
  expect(await frame.evaluate(() => window.telemetry.stats().storage)).toBe('indexeddb');

  await tap(own, 20);
  await frame.evaluate(() => {
    for (let i = 0; i < 30; i++) window.telemetry.trackUserAction('tap');
  });
  await expectKept(own, 20);
  await expectKept(frame, 30);
  await first.kill();
  expect(await lab.taps()).toBe(0);

  const second = await lab.startChromium();
  const ownAgain = await second.context.newPage();
  await ownAgain.goto(lab.app);
  await lab.expectExactly(20, ownAgain);
  const hostAgain = await second.context.newPage();
  await hostAgain.goto(`${lab.otherSite}/bare`);
  const frameAgain = await openFrame(hostAgain, lab.app);
  await lab.expectExactly(50, ownAgain);
  expect(await frameAgain.evaluate(() => window.telemetry.stats().adopted)).toBe(30);
});
