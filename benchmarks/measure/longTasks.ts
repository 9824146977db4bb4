import type { Browser } from 'playwright-core';
import type { Library } from '../libraries';
import type { Bundle } from './bundle';
import { openStarted, sendEvents } from './page';
import { startReceiver } from './receiver';

/** Tasks over 50 ms while 5,000 events were recorded and sent. */
export interface LongTasks {
  /** Events 50 at a time, every 50 ms. */
  readonly spread: number;
  /** The same under 4× CPU throttling. */
  readonly throttled: number;
  /** All 5,000 events in one task. */
  readonly burst: number;
}

async function countLongTasks(
  browser: Browser,
  library: Library,
  bundle: Bundle,
  { groups, slowdown }: { groups: number; slowdown: number },
): Promise<number> {
  const receiver = await startReceiver(library, bundle);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await openStarted(page, receiver);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await page.waitForTimeout(2_000);
    const tasks = await page.evaluateHandle(() => {
      const seen: number[] = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.push(duration);
      }).observe({ entryTypes: ['longtask'] });
      return seen;
    });
    await sendEvents(page, library, { count: 5_000, ms: groups * 50, groups });
    // The flush that follows is part of the cost.
    await page.waitForTimeout(6_000);
    return await tasks.evaluate((seen) => seen.length);
  } finally {
    await context.close();
    await receiver.close();
  }
}

/** Counts the long tasks of a library. */
export async function measureLongTasks(
  browser: Browser,
  library: Library,
  bundle: Bundle,
): Promise<LongTasks> {
  return {
    spread: await countLongTasks(browser, library, bundle, { groups: 100, slowdown: 1 }),
    throttled: await countLongTasks(browser, library, bundle, { groups: 100, slowdown: 4 }),
    burst: await countLongTasks(browser, library, bundle, { groups: 1, slowdown: 1 }),
  };
}
