import type { Page } from 'playwright-core';
import type { Adapter } from '../adapters/Adapter';
import type { Library } from '../libraries';
import { MARK } from './ledger';
import type { Receiver } from './receiver';

declare global {
  /** The adapter, once the page has loaded. */
  var bench: Adapter;
}

/** Opens the page of a library and starts the library. */
export async function openStarted(page: Page, { origin }: Receiver): Promise<void> {
  await page.goto(`${origin}/`);
  await page.evaluate((to) => bench.start(to), origin);
}

/** Records `count` events in `groups` equal groups spread over `ms`; resolves after the last. */
export async function sendEvents(
  page: Page,
  library: Library,
  { count, ms, groups }: { readonly count: number; readonly ms: number; readonly groups: number },
): Promise<void> {
  const plan = { count, ms, groups, mark: MARK, distinct: library.counting === 'ids' };
  await page.evaluate(async ({ count, ms, groups, mark, distinct }) => {
    const size = Math.ceil(count / groups);
    for (let at = 0; at < count; at += size) {
      for (let i = at; i < Math.min(count, at + size); i += 1) {
        bench.event(distinct ? `${mark}_${String(i).padStart(6, '0')}_` : mark);
      }
      await new Promise((resolve) => setTimeout(resolve, ms / groups));
    }
  }, plan);
}

/** Waits until `isDone` holds, but at most `ms`; returns whether it held. */
export async function waitUntil(isDone: () => boolean, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  while (!isDone()) {
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}
