import type { Browser } from 'playwright-core';
import type { Library } from '../libraries';
import type { Bundle } from './bundle';
import { MARK } from './ledger';
import { openStarted, waitUntil } from './page';
import { startReceiver } from './receiver';

/** What 1,000 taps of one series put on the wire. */
export interface Wire {
  readonly requests: number;
  /** Bytes of the bodies, compressed as the library compresses them, without headers. */
  readonly bytes: number;
  readonly bytesPerEvent: number;
}

const TAPS = 1_000;

/** Taps every 5 ms, then lets the library flush. Bodies without taps (page load, session) count too. */
export async function measureWire(browser: Browser, library: Library, bundle: Bundle): Promise<Wire> {
  const receiver = await startReceiver(library, bundle);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await openStarted(page, receiver);
    await page.evaluate(
      async ({ taps, mark }) => {
        for (let i = 0; i < taps; i += 1) {
          bench.event(mark);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
      { taps: TAPS, mark: MARK },
    );
    // Events of one series have no ids that would tell when all have arrived: wait until nothing has come for longer than
    // any flush interval.
    let last = receiver.bytes;
    let quietSince = performance.now();
    await waitUntil(() => {
      if (receiver.bytes !== last) quietSince = performance.now();
      last = receiver.bytes;
      return performance.now() - quietSince > 32_000;
    }, 45_000);
    const { requests, bytes } = receiver;
    return { requests, bytes, bytesPerEvent: bytes / TAPS };
  } finally {
    await context.close();
    await receiver.close();
  }
}
