import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChromium } from '@artel/test-support/browsers/chromium';
import type { BrowserContext, Page } from 'playwright-core';
import type { Library } from './libraries';
import { openStarted, sendEvents, waitUntil } from './page';
import { type Receiver, startReceiver } from './receiver';

/** What became of the events of one row. */
export interface Delivery {
  readonly sent: number;
  readonly delivered: number;
  /** Events that the backend would count more than once. */
  readonly duplicates: number;
}

interface Scene {
  readonly library: Library;
  readonly receiver: Receiver;
  readonly context: BrowserContext;
  /** Closes the browser and opens it again on the same storage. */
  reopen(): Promise<BrowserContext>;
}

/** A row of the delivery table. `run` answers how many events it sent. */
export interface Scenario {
  readonly title: string;
  run(scene: Scene): Promise<number>;
}

/** Longer than any library's flush interval: 30 s. */
const SETTLE = 45_000;

/** Ms in which a second copy may still come. */
const AFTERMATH = 6_000;

async function openPage(context: BrowserContext, receiver: Receiver): Promise<Page> {
  const page = await context.newPage();
  await openStarted(page, receiver);
  return page;
}

/** Opens the page anew; what the last one left is to be delivered now, with no new event to trigger it. */
async function reopenPage({ reopen, receiver }: Scene): Promise<void> {
  await openPage(await reopen(), receiver);
}

/** Fewer than the 100 at which the seed's class flushes. */
const FEW = 80;

export const scenarios: readonly Scenario[] = [
  {
    title: 'no fault, 5,000 events',
    async run({ context, library, receiver }) {
      const page = await openPage(context, receiver);
      await page.waitForTimeout(1_000);
      await sendEvents(page, library, { count: 5_000, ms: 5_000, groups: 100 });
      return 5_000;
    },
  },
  {
    title: '503 to the first three batches',
    async run({ context, library, receiver }) {
      const page = await openPage(context, receiver);
      receiver.refusals = 3;
      await sendEvents(page, library, { count: 300, ms: 3_000, groups: 30 });
      return 300;
    },
  },
  {
    title: 'offline, tab closed, opened again',
    async run(scene) {
      const page = await openPage(scene.context, scene.receiver);
      await page.waitForTimeout(1_000);
      await scene.context.setOffline(true);
      await sendEvents(page, scene.library, { count: FEW, ms: 1_000, groups: 20 });
      // Time for what a library flushes every 5 s to reach its offline store, if it has one.
      await page.waitForTimeout(7_000);
      await page.close();
      await reopenPage(scene);
      return FEW;
    },
  },
  {
    title: '7 s outage with 5,000 events',
    async run({ context, library, receiver }) {
      const page = await openPage(context, receiver);
      await page.waitForTimeout(1_000);
      receiver.down = true;
      const until = performance.now() + 7_000;
      await sendEvents(page, library, { count: 5_000, ms: 5_000, groups: 100 });
      await page.waitForTimeout(Math.max(0, until - performance.now()));
      receiver.down = false;
      return 5_000;
    },
  },
  {
    title: 'page killed without a word, opened again',
    async run(scene) {
      const page = await openPage(scene.context, scene.receiver);
      await page.waitForTimeout(1_000);
      await sendEvents(page, scene.library, { count: FEW, ms: 1_000, groups: 20 });
      await page.waitForTimeout(500);
      const cdp = await scene.context.newCDPSession(page);
      const crashed = page.waitForEvent('crash');
      // The renderer dies before it could answer the command.
      cdp.send('Page.crash').catch(() => undefined);
      await crashed;
      await reopenPage(scene);
      return FEW;
    },
  },
];

/** Plays one row with one library in a browser of its own. */
export async function measureDelivery(
  scenario: Scenario,
  library: Library,
  script: string,
): Promise<Delivery> {
  const folder = mkdtempSync(join(tmpdir(), 'artel-bench-'));
  const receiver = await startReceiver(library, script);
  let context = await openChromium(folder);
  try {
    const sent = await scenario.run({
      library,
      receiver,
      context,
      async reopen() {
        await context.close();
        context = await openChromium(folder);
        return context;
      },
    });
    const { ledger } = receiver;
    await waitUntil(() => ledger.delivered >= sent, SETTLE);
    await new Promise((resolve) => setTimeout(resolve, AFTERMATH));
    const surplus = Math.max(0, ledger.delivered - sent);
    return { sent, delivered: ledger.delivered - surplus, duplicates: ledger.duplicates + surplus };
  } finally {
    await context.close();
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
