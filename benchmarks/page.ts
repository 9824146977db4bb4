import type { Page } from 'playwright-core';
import type { Adapter } from './adapters/Adapter';
import { MARK } from './ledger';
import type { Library } from './libraries';
import type { Receiver } from './receiver';

declare global {
  /** What `/script.js` leaves on the page. */
  var bench: Adapter;
}

/** Opens the library's page and starts it. */
export async function openStarted(page: Page, { origin }: Receiver): Promise<void> {
  await page.goto(`${origin}/`);
  await page.evaluate((to) => bench.start(to), origin);
}

/** Sends `count` events in groups spread over `ms`; settles when the last was handed to the library. */
export async function sendEvents(
  page: Page,
  library: Library,
  { first = 0, count, ms, groups }: { first?: number; count: number; ms: number; groups: number },
): Promise<void> {
  const plan = { first, count, ms, groups, mark: MARK, distinct: library.counting === 'ids' };
  await page.evaluate(async ({ first, count, ms, groups, mark, distinct }) => {
    const size = Math.ceil(count / groups);
    for (let at = 0; at < count; at += size) {
      for (let i = at; i < Math.min(count, at + size); i += 1) {
        bench.event(distinct ? `${mark}_${String(first + i).padStart(6, '0')}_` : mark);
      }
      await new Promise((resolve) => setTimeout(resolve, ms / groups));
    }
  }, plan);
}

/** Waits until `isDone` or `ms` have passed. */
export async function waitUntil(isDone: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!isDone() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
}
