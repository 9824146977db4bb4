import type { Browser } from 'playwright-core';
import type { Library } from './libraries';
import { median } from './median';
import { type Receiver, startReceiver } from './receiver';

/** Medians over fresh pages under 4× CPU throttling, in ms. */
export interface StartUp {
  /** Compiling and running the script. */
  readonly evaluate: number;
  /** The call of `start`. */
  readonly start: number;
  /** Both together: what stands before the app's first line. */
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

/** Starts every library `runs` times, in turns, so that a busy moment of the machine meets all alike. */
export async function measureStartUp(
  browser: Browser,
  libraries: readonly Library[],
  scripts: ReadonlyMap<string, string>,
  runs: number,
): Promise<ReadonlyMap<string, StartUp>> {
  const samples = new Map<string, StartUp[]>(libraries.map(({ name }) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const library of libraries) {
      const code = scripts.get(library.name) ?? '';
      const receiver = await startReceiver(library, code);
      samples.get(library.name)?.push(await startOnce(browser, receiver, code));
      await receiver.close();
    }
  }
  const middle = (all: readonly StartUp[], key: keyof StartUp) => median(all.map((one) => one[key]));
  return new Map(
    [...samples].map(([name, all]) => [
      name,
      {
        evaluate: middle(all, 'evaluate'),
        start: middle(all, 'start'),
        total: middle(all, 'total'),
      },
    ]),
  );
}
