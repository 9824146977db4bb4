import { join } from 'node:path';
import {
  type OwnChromium,
  type OwnChromiumOptions,
  startOwnChromium,
} from '@artel/test-support/browsers/chromium';
import type { Evaluator } from '@artel/test-support/browsers/drivenBrowser';
import type { FaultServer } from '@artel/test-support/proxies/faultServer';
import type { Page } from '@playwright/test';
import { test as base, expect, startPageLab } from '../base';
import { type Silence, watchSilence } from './silence';
import { deliverySite } from './site';

/** A gateway of the test's own behind a server that fails on demand. */
export interface Lab {
  readonly server: FaultServer;
  /** Origin of the page. */
  readonly app: string;
  /** The same server under another site. */
  readonly otherSite: string;
  /** Sum of a metric's samples on the gateway's `/metrics`. */
  counted(labels: Readonly<Record<string, string>>, name?: string): Promise<number>;
  /** Taps that the gateway has counted. */
  taps(): Promise<number>;
  /**
   * Waits until the gateway has counted `taps` and no `page` has anything left to send, and checks that it stays so
   * and that every page's books balance with nothing dropped.
   */
  expectExactly(taps: number, ...pages: readonly Evaluator[]): Promise<void>;
  /** Chromium with a profile on disk, the same one each time; only one at a time. */
  startChromium(options?: OwnChromiumOptions): Promise<OwnChromium>;
}

/** Ms for a batch that is counted twice to show. */
const QUIET = 500;

/** For the page's address: nothing is sent before it leaves, however long a slow machine takes until then. */
export const UNSENT = '?flushInterval=300000';

/** Tracks `n` taps in the page, in one task. */
export function tap(page: Evaluator, n: number): Promise<void> {
  return page.evaluate((taps) => {
    for (let i = 0; i < taps; i++) window.telemetry.trackUserAction('tap');
  }, n);
}

/** Kills the process of a page: it runs no other line. */
export async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  // Never answered: who would answer is gone.
  session.send('Page.crash').catch(() => undefined);
  await crashed;
}

/** Events of the page's origin that the device keeps, in whichever batches. */
export function keptEvents(page: Evaluator): Promise<number> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    let events = 0;
    // Only those that are there: opening a database makes it.
    for (const { name = '', version } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name, version));
      for (const table of Array.from(database.objectStoreNames)) {
        const entries = await done(database.transaction(table).objectStore(table).getAll());
        for (const entry of entries as { events: number }[]) events += entry.events;
      }
      database.close();
    }
    return events;
  });
}

/** Waits until the device keeps `n` events. */
export async function expectKept(page: Evaluator, n: number): Promise<void> {
  await expect.poll(() => keptEvents(page), { intervals: [50] }).toBe(n);
}

export const test = base.extend<{ lab: Lab; silence: Silence; missing: string }>({
  /** What the test needs and this machine lacks; empty where nothing is missing. */
  missing: [process.env['CHROMIUM_PATH'] ? '' : 'a Chrome or Chromium', { option: true }],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern
  silence: async ({}, use) => {
    const silence = watchSilence();
    await use(silence);
    expect(silence.broken(), 'what reached the app').toEqual([]);
  },

  lab: async ({ folder, silence, missing }, use, info) => {
    info.skip(missing !== '', `needs ${missing}`);
    const page = await startPageLab({ folder, serve: await deliverySite() });
    const { server } = page;
    const browsers: OwnChromium[] = [];

    const counted: Lab['counted'] = (labels, name = 'user_action_total') => page.counted(name, labels);
    const taps = () => counted({ action: 'tap' });

    await use({
      server,
      app: server.url,
      otherSite: `http://localhost:${server.port}`,
      counted,
      taps,
      async expectExactly(n, ...pages) {
        await expect.poll(taps, { intervals: [100] }).toBe(n);
        for (const page of pages) {
          // In one look: what a dead page left may still be on its way in.
          const books = () =>
            page.evaluate(() => {
              const { emitted, acknowledged, pending, dropped } = window.telemetry.stats();
              return { open: emitted - acknowledged, pending, dropped };
            });
          await expect.poll(books).toEqual({ open: 0, pending: 0, dropped: {} });
        }
        await new Promise((resolve) => setTimeout(resolve, QUIET));
        expect(await taps()).toBe(n);
      },
      async startChromium(options) {
        const browser = await startOwnChromium(join(folder, 'profile'), options);
        browsers.push(browser);
        silence.watch(browser.context);
        return browser;
      },
    });
    await Promise.all(browsers.map((browser) => browser.kill()));
    await page.close();
  },

  context: async ({ context, silence }, use) => {
    silence.watch(context);
    await use(context);
  },
});

export { expect };
