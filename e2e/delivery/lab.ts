import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { launch } from '../../scripts/launch';
import { freePort } from '../../scripts/port';
import { gatewayService } from '../../scripts/services';
import type { Evaluator } from '../../test-support/src/browsers/drivenBrowser';
import { sumSamples } from '../exposition';
import { bundlePage } from './bundlePage';
import { type FaultServer, startFaultServer } from './faultServer';
import { type OwnChromium, type OwnChromiumOptions, startOwnChromium } from './ownChromium';
import { type Silence, watchSilence } from './silence';

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

/** Ms in which all must have arrived; after half of them a page looks again at the records of pages that seemed to live. */
const HEALED = 60_000;

/** Ms for a batch that is counted twice to show. */
const QUIET = 500;

/** Tracks `n` taps in the page, in one task. */
export function tap(page: Evaluator, n: number): Promise<void> {
  return page.evaluate((taps) => {
    for (let i = 0; i < taps; i++) window.telemetry.trackUserAction('tap');
  }, n);
}

/** Waits until the device keeps `n` events of the page's origin, in whichever batches. */
export async function expectKept(page: Evaluator, n: number): Promise<void> {
  const kept = () =>
    page.evaluate(async () => {
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
  await expect.poll(kept, { timeout: HEALED, intervals: [50] }).toBe(n);
}

export const test = base.extend<{ lab: Lab; folder: string; silence: Silence; missing: string }>({
  /** What the test needs and this machine lacks; empty where nothing is missing. */
  missing: [process.env['CHROMIUM_PATH'] ? '' : 'a Chrome or Chromium', { option: true }],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'artel-delivery-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from this pattern
  silence: async ({}, use) => {
    const silence = watchSilence();
    await use(silence);
    expect(silence.broken(), 'what reached the app').toEqual([]);
  },

  lab: async ({ folder, silence, missing }, use, info) => {
    info.skip(missing !== '', `needs ${missing}`);
    const gatewayPort = await freePort();
    const gateway = `http://127.0.0.1:${gatewayPort}`;
    const running = await launch(
      gatewayService({ gatewayPort, miniAppPort: 0, gamePort: 0, dataDir: join(folder, 'data') }),
    );
    const server = await startFaultServer(gateway, await bundlePage());
    const browsers: OwnChromium[] = [];

    const counted: Lab['counted'] = async (labels, name = 'user_action_total') =>
      sumSamples(await (await fetch(`${gateway}/metrics`)).text(), name, labels);
    const taps = () => counted({ action: 'tap' });

    await use({
      server,
      app: `http://127.0.0.1:${server.port}`,
      otherSite: `http://localhost:${server.port}`,
      counted,
      taps,
      async expectExactly(n, ...pages) {
        await expect.poll(taps, { timeout: HEALED, intervals: [100] }).toBe(n);
        for (const page of pages) {
          // In one look: what a dead page left may still be on its way in.
          const books = () =>
            page.evaluate(() => {
              const { emitted, acknowledged, pending, dropped } = window.telemetry.stats();
              return { open: emitted - acknowledged, pending, dropped };
            });
          await expect.poll(books, { timeout: HEALED }).toEqual({ open: 0, pending: 0, dropped: {} });
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
    await running.stop();
    await server.close();
  },

  context: async ({ context, silence }, use) => {
    silence.watch(context);
    await use(context);
  },
});

export { expect };
