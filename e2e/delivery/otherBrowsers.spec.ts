// The delivery of the other two engines that players have: Firefox, and WebKit, which is Telegram's on iOS and macOS.
import { join } from 'node:path';
import type { DrivenBrowser, Tab } from '@artel/test-support/browsers/drivenBrowser';
import { startFirefox } from '@artel/test-support/browsers/firefox';
import { startWebKit } from '@artel/test-support/browsers/webkit';
import { findProgram, type Program } from '@artel/test-support/programs/findProgram';
import { expect, expectKept, type Lab, test as labTest, tap, UNSENT } from './lab';

interface Engine {
  readonly name: string;
  readonly needs: readonly Program[];
  /** Starts a browser with a profile in a folder, the same one each time. */
  readonly start: (profile: string) => Promise<DrivenBrowser>;
  /** Whether the back/forward cache takes the page in. */
  readonly caches: boolean;
}

const firefox: Engine = {
  name: 'Firefox',
  needs: ['firefox'],
  start: startFirefox,
  // Firefox decides before `pagehide`, at which the client releases its Web Lock, and caches no page that holds one.
  caches: false,
};

const webkit: Engine = {
  name: 'WebKit',
  needs: ['webKitDriver', 'gjs', 'xvfb'],
  start: startWebKit,
  caches: true,
};

const test = labTest.extend<{ engine: Engine; startBrowser: () => Promise<DrivenBrowser> }>({
  engine: [firefox, { option: true }],

  startBrowser: async ({ engine, folder }, use) => {
    const started: DrivenBrowser[] = [];
    await use(async () => {
      const browser = await engine.start(join(folder, 'profile'));
      started.push(browser);
      return browser;
    });
    for (const browser of started) await browser.kill();
  },
});

const flush = (tab: Tab) => tab.evaluate(() => window.telemetry.flush());

const adopted = (tab: Tab) => tab.evaluate(() => window.telemetry.stats().adopted);

/** Takes the network away from a tab; where the driver cannot, the server cuts every connection. */
async function goOffline(lab: Lab, tab: Tab): Promise<void> {
  if (tab.goOffline) await tab.goOffline();
  else lab.server.down = true;
}

for (const engine of [firefox, webkit]) {
  const missing = engine.needs.filter((program) => !findProgram(program));

  test.describe(engine.name, () => {
    test.use({ engine, missing: missing.join(' and ') });

    test('every tap of a living page is counted once', async ({ lab, startBrowser }) => {
      const browser = await startBrowser();
      const tab = await browser.openTab(lab.app);
      await tap(tab, 10);
      await flush(tab);
      expect(await lab.taps()).toBe(10);
      await tap(tab, 10);
      await lab.expectExactly(20, tab);
      expect(await tab.evaluate(() => window.telemetry.stats().storage)).toBe('indexeddb');
    });

    test('three answers 503 cost no tap', async ({ lab, startBrowser }) => {
      const unavailable = { kind: 'unavailable', retryAfter: () => '1' } as const;
      lab.server.failNext(unavailable, unavailable, unavailable);
      const browser = await startBrowser();
      const tab = await browser.openTab(lab.app);
      await tap(tab, 10);
      await flush(tab);
      await tap(tab, 10);
      await lab.expectExactly(20, tab);
      expect(lab.server.exchanges.slice(0, 4).map(({ fault }) => fault)).toEqual([
        'unavailable',
        'unavailable',
        'unavailable',
        undefined,
      ]);
    });

    test('two hundred taps of an offline tab that was closed arrive with the next opening', async ({
      lab,
      startBrowser,
    }) => {
      const browser = await startBrowser();
      const tab = await browser.openTab(lab.app);
      await goOffline(lab, tab);
      for (let i = 0; i < 10; i++) {
        await tap(tab, 20);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await tab.close();
      expect(await lab.taps()).toBe(0);
      lab.server.down = false;

      const next = await browser.openTab(lab.app);
      await lab.expectExactly(200, next);
      await expect.poll(() => adopted(next)).toBe(200);
    });

    test('taps survive the browser being killed 0.4 s after the last', async ({ lab, startBrowser }) => {
      const browser = await startBrowser();
      // Nothing is sent before the kill, however slow the machine.
      const tab = await browser.openTab(`${lab.app}/${UNSENT}`);
      await tap(tab, 50);
      await new Promise((resolve) => setTimeout(resolve, 400));
      // They should be on the device by now; a busy machine gets the time that it needs.
      await expectKept(tab, 50);
      await browser.kill();
      expect(await lab.taps()).toBe(0);

      const next = await (await startBrowser()).openTab(lab.app);
      await lab.expectExactly(50, next);
      await expect.poll(() => adopted(next)).toBe(50);
    });

    test('taps of a tab that is closed at once arrive at the latest with the next opening', async ({
      lab,
      startBrowser,
    }) => {
      const browser = await startBrowser();
      const tab = await browser.openTab(lab.app);
      await tap(tab, 50);
      await tab.close();
      const next = await browser.openTab(lab.app);
      await lab.expectExactly(50, next);
    });

    test('going back and forth counts exactly, from the back/forward cache or anew', async ({
      lab,
      startBrowser,
    }) => {
      const browser = await startBrowser();
      const tab = await browser.openTab(lab.app);
      for (let visit = 0; visit < 3; visit++) {
        await tap(tab, 10);
        await tab.evaluate(() => void Object.assign(window, { left: true }));
        if (visit === 0) await tab.goto(`${lab.app}/bare`);
        else await tab.travel(1, `${lab.app}/bare`);
        // What was counted before does not wait for the way back.
        await expect.poll(lab.taps).toBe(20 * visit + 10);
        await tab.travel(-1, `${lab.app}/`);
        expect(await tab.evaluate(() => 'left' in window)).toBe(engine.caches);
        await tap(tab, 10);
        await flush(tab);
      }
      await lab.expectExactly(60, tab);
    });
  });
}

test.describe(webkit.name, () => {
  test.use({
    engine: webkit,
    missing: webkit.needs.filter((program) => !findProgram(program)).join(' and '),
  });

  test('taps survive the loss of the database process, offline and killed 2.5 s later', async ({
    lab,
    startBrowser,
  }) => {
    const browser = await startBrowser();
    const tab = await browser.openTab(lab.app);
    await tap(tab, 10);
    await flush(tab);
    expect(await tab.evaluate(() => window.telemetry.stats().storage)).toBe('indexeddb');
    // The driver does not reach the page after the loss, so the page itself waits for it and taps.
    await tab.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const request = indexedDB.open('probe');
          request.onsuccess = () => {
            // The window keeps it, with its listener.
            Object.assign(window, { probe: request.result });
            request.result.onclose = () => {
              for (let i = 0; i < 10; i++) window.telemetry.trackUserAction('tap');
              void fetch('/tapped').catch(() => undefined);
            };
            resolve();
          };
        }),
    );
    lab.server.down = true;
    const { refused } = lab.server;
    browser.loseDatabase?.();
    await expect.poll(() => lab.server.refused).toBeGreaterThan(refused);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await browser.kill();
    lab.server.down = false;
    expect(await lab.taps()).toBe(10);

    const next = await (await startBrowser()).openTab(lab.app);
    await lab.expectExactly(20, next);
    await expect.poll(() => adopted(next)).toBe(10);
  });
});
