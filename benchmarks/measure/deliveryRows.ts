import type { BrowserContext, Page } from 'playwright-core';
import type { Library } from '../libraries';
import { openStarted, sendEvents } from './page';
import type { Receiver } from './receiver';

/** What a row of the delivery table works with: a library, its backend, and a browser of its own. */
interface Scene {
  readonly library: Library;
  readonly receiver: Receiver;
  readonly context: BrowserContext;
  /** Closes the browser and opens it again with the same storage. */
  reopen(): Promise<BrowserContext>;
}

/** A row of the delivery table. */
export interface DeliveryRow {
  readonly name: string;
  readonly title: string;
  /** Plays the row to its last step; returns how many events were recorded. */
  play(scene: Scene): Promise<number>;
}

/** Ms between the start of a page and what happens to it. */
const SETTLED = 1_000;

/** Fewer than the 100 at which the seed's class flushes. */
const FEW = { count: 80, ms: 1_000, groups: 20 };
const MANY = { count: 5_000, ms: 5_000, groups: 100 };
const SOME = { count: 300, ms: 3_000, groups: 30 };

async function openPage(context: BrowserContext, receiver: Receiver): Promise<Page> {
  const page = await context.newPage();
  await openStarted(page, receiver);
  return page;
}

/** Opens the page anew. No event is recorded after that: what the page before left must leave by itself. */
async function reopenPage({ reopen, receiver }: Scene): Promise<void> {
  const context = await reopen();
  receiver.faults.down = false;
  await openPage(context, receiver);
}

/** Records events while a fault meets the first three batches. */
async function playWithFault(
  { context, library, receiver }: Scene,
  fault: 'refusals' | 'lostAnswers',
): Promise<number> {
  const page = await openPage(context, receiver);
  receiver.faults[fault] = 3;
  await sendEvents(page, library, SOME);
  return SOME.count;
}

/** The rows of the delivery table, in its order. */
export const deliveryRows: readonly DeliveryRow[] = [
  {
    name: 'no-fault',
    title: 'no fault, 5,000 events',
    async play({ context, library, receiver }) {
      const page = await openPage(context, receiver);
      await page.waitForTimeout(SETTLED);
      await sendEvents(page, library, MANY);
      return MANY.count;
    },
  },
  {
    name: 'refused',
    title: '503 to the first three batches',
    play: (scene) => playWithFault(scene, 'refusals'),
  },
  {
    name: 'unanswered',
    title: 'first three batches received, answers lost',
    play: (scene) => playWithFault(scene, 'lostAnswers'),
  },
  {
    name: 'offline',
    title: 'offline, tab closed, opened again',
    async play(scene) {
      const page = await openPage(scene.context, scene.receiver);
      await page.waitForTimeout(SETTLED);
      await scene.context.setOffline(true);
      // What a closing page sends would escape the browser's emulation, which ends with the page.
      scene.receiver.faults.down = true;
      await sendEvents(page, scene.library, FEW);
      // Long enough for a library that flushes every 5 s to put its batch into an offline store.
      await page.waitForTimeout(7_000);
      await page.close();
      await reopenPage(scene);
      return FEW.count;
    },
  },
  {
    name: 'outage',
    title: '7 s outage with 5,000 events',
    async play({ context, library, receiver }) {
      const page = await openPage(context, receiver);
      await page.waitForTimeout(SETTLED);
      receiver.faults.down = true;
      const until = performance.now() + 7_000;
      await sendEvents(page, library, MANY);
      await page.waitForTimeout(Math.max(0, until - performance.now()));
      receiver.faults.down = false;
      return MANY.count;
    },
  },
  {
    name: 'killed',
    title: 'page killed without a word, opened again',
    async play(scene) {
      const page = await openPage(scene.context, scene.receiver);
      await page.waitForTimeout(SETTLED);
      await sendEvents(page, scene.library, FEW);
      await page.waitForTimeout(500);
      const cdp = await scene.context.newCDPSession(page);
      const crashed = page.waitForEvent('crash');
      // Never answered: the process of the page dies first.
      cdp.send('Page.crash').catch(() => undefined);
      await crashed;
      await reopenPage(scene);
      return FEW.count;
    },
  },
];
