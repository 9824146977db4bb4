import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChromium } from '@artel/test-support/browsers/chromium';
import type { Library } from '../libraries';
import type { Bundle } from './bundle';
import type { DeliveryRow } from './deliveryRows';
import type { Delivery } from './deliverySummary';
import { waitUntil } from './page';
import { startReceiver } from './receiver';

/** Ms in which a second copy may still arrive. */
const AFTERMATH = 6_000;

/**
 * Plays a row once, in a browser of its own. It ends when every event has arrived and the time for second copies is
 * over, or when the library's patience is.
 */
export async function measureDelivery(row: DeliveryRow, library: Library, bundle: Bundle): Promise<Delivery> {
  const folder = mkdtempSync(join(tmpdir(), 'artel-bench-'));
  const receiver = await startReceiver(library, bundle);
  let context = await openChromium(folder);
  try {
    const sent = await row.play({
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
    const lastStep = performance.now();
    let known = ledger.delivered;
    let lastArrival = 0;
    const hasAll = () => {
      if (ledger.delivered !== known) lastArrival = Math.round((performance.now() - lastStep) / 100) / 10;
      known = ledger.delivered;
      return known >= sent;
    };
    if (await waitUntil(hasAll, library.patience * 1_000))
      await new Promise((resolve) => setTimeout(resolve, AFTERMATH));
    // Sums have no ids: what is above the number of events was counted twice.
    const surplus = Math.max(0, ledger.delivered - sent);
    const delivered = ledger.delivered - surplus;
    return { sent, delivered, duplicates: ledger.duplicates + surplus, lastArrival };
  } finally {
    await context.close();
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
