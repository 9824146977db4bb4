import type { Browser } from 'playwright-core';
import { MARK } from './ledger';
import type { Library } from './libraries';
import { median } from './median';
import { openStarted } from './page';
import { startReceiver } from './receiver';

/** µs of one call, over 10,000 calls in one task. */
interface Cost {
  /** Median of the 100 groups of 100 calls. */
  readonly median: number;
  /** The whole loop divided by its calls: sealing, flushing and garbage collection inside it included. */
  readonly mean: number;
}

export interface EventCost {
  /** The same action 10,000 times. */
  readonly repeated: Cost;
  /** 10,000 actions, each with a name not seen before. */
  readonly fresh: Cost;
}

async function runLoop(browser: Browser, library: Library, script: string, fresh: boolean): Promise<Cost> {
  const receiver = await startReceiver(library, script);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await openStarted(page, receiver);
    // What a library does after its start is not part of an event's cost.
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

/** Runs both loops `runs` times on fresh pages and takes the medians of the runs. */
export async function measureEventCost(
  browser: Browser,
  library: Library,
  script: string,
  runs: number,
): Promise<EventCost> {
  const all: Record<'repeated' | 'fresh', Cost[]> = { repeated: [], fresh: [] };
  for (let run = 0; run < runs; run += 1) {
    all.repeated.push(await runLoop(browser, library, script, false));
    all.fresh.push(await runLoop(browser, library, script, true));
  }
  const middle = (costs: readonly Cost[]): Cost => ({
    median: median(costs.map((cost) => cost.median)),
    mean: median(costs.map((cost) => cost.mean)),
  });
  return { repeated: middle(all.repeated), fresh: middle(all.fresh) };
}
