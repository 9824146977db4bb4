import type { Browser } from 'playwright-core';
import type { Library } from '../libraries';
import { median } from '../statistics';
import type { Bundle } from './bundle';
import { MARK } from './ledger';
import { openStarted } from './page';
import { startReceiver } from './receiver';

/** µs a call, of 10,000 calls in one task. */
interface Cost {
  /** Median of the 100 groups of 100 calls. */
  readonly median: number;
  /** The whole loop divided by its calls, with the sealing, flushing and garbage collection in it. */
  readonly mean: number;
}

export interface EventCost {
  /** The same action 10,000 times. */
  readonly repeated: Cost;
  /** 10,000 actions, each with a new name. */
  readonly fresh: Cost;
}

async function runLoop(browser: Browser, library: Library, bundle: Bundle, fresh: boolean): Promise<Cost> {
  const receiver = await startReceiver(library, bundle);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await openStarted(page, receiver);
    // What a library still does after its start is no part of the cost of an event.
    await page.waitForTimeout(1_500);
    const groups = await page.evaluate(
      ({ fresh, mark }) => {
        if (!crossOriginIsolated) throw new Error('the page has only coarse timers');
        const names = Array.from({ length: 10_000 }, (_, i) => (fresh ? `${mark}_${i}` : mark));
        const times: number[] = [];
        for (let at = 0; at < names.length; at += 100) {
          const began = performance.now();
          for (let i = at; i < at + 100; i += 1) bench.event(names[i] ?? mark);
          times.push(performance.now() - began);
        }
        return times;
      },
      { fresh, mark: MARK },
    );
    const total = groups.reduce((sum, ms) => sum + ms, 0);
    return { median: median(groups) * 10, mean: total / 10 };
  } finally {
    await context.close();
    await receiver.close();
  }
}

/** Measures every library `runs` times, in turns, each loop on a fresh page; returns medians by library. */
export async function measureEventCosts(
  browser: Browser,
  bundles: ReadonlyMap<Library, Bundle>,
  runs: number,
): Promise<ReadonlyMap<Library, EventCost>> {
  const samples = new Map<Library, EventCost[]>();
  for (let run = 0; run < runs; run += 1) {
    for (const [library, bundle] of bundles) {
      const repeated = await runLoop(browser, library, bundle, false);
      const fresh = await runLoop(browser, library, bundle, true);
      samples.set(library, [...(samples.get(library) ?? []), { repeated, fresh }]);
    }
  }
  const middle = (costs: readonly Cost[]): Cost => ({
    median: median(costs.map((cost) => cost.median)),
    mean: median(costs.map((cost) => cost.mean)),
  });
  return new Map(
    [...samples].map(([library, costs]) => [
      library,
      { repeated: middle(costs.map((one) => one.repeated)), fresh: middle(costs.map((one) => one.fresh)) },
    ]),
  );
}
