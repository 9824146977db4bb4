import type { Browser } from 'playwright-core';
import type { Library } from '../libraries';
import { median } from '../statistics';
import { type Bundle, eagerScript } from './bundle';
import { type Receiver, startReceiver } from './receiver';

/** Ms under 4× CPU throttling: medians of fresh pages. */
export interface StartUp {
  /** Compiling and running the eager files. */
  readonly evaluate: number;
  /** The call of `start`. */
  readonly start: number;
  /** Both together: how much later the app's first line runs. */
  readonly total: number;
}

const SLOWDOWN = 4;

async function startOnce(browser: Browser, { origin }: Receiver, code: string): Promise<StartUp> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${origin}/empty`);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    const { evaluate, start } = await page.evaluate(
      ({ code, origin }) => {
        const script = document.createElement('script');
        script.textContent = code;
        const began = performance.now();
        document.head.append(script);
        const evaluated = performance.now();
        bench.start(origin);
        return { evaluate: evaluated - began, start: performance.now() - evaluated };
      },
      { code, origin },
    );
    return { evaluate, start, total: evaluate + start };
  } finally {
    await context.close();
  }
}

/** Starts every library `runs` times, in turns, so that a busy moment of the machine affects all alike. */
export async function measureStartUps(
  browser: Browser,
  bundles: ReadonlyMap<Library, Bundle>,
  runs: number,
): Promise<ReadonlyMap<Library, StartUp>> {
  const scripts = new Map<Library, string>();
  for (const [library, bundle] of bundles) scripts.set(library, await eagerScript(bundle));
  const samples = new Map<Library, StartUp[]>();
  for (let run = 0; run < runs; run += 1) {
    for (const [library, bundle] of bundles) {
      const receiver = await startReceiver(library, bundle);
      const sample = await startOnce(browser, receiver, scripts.get(library) ?? '');
      samples.set(library, [...(samples.get(library) ?? []), sample]);
      await receiver.close();
    }
  }
  const middle = (all: readonly StartUp[], key: keyof StartUp) => median(all.map((one) => one[key]));
  return new Map(
    [...samples].map(([library, all]) => [
      library,
      { evaluate: middle(all, 'evaluate'), start: middle(all, 'start'), total: middle(all, 'total') },
    ]),
  );
}
