import { setTimeout as wait } from 'node:timers/promises';
import type { FileCollector } from './tail/collectFiles';

/** Ms between looks at files that have nothing new, as Alloy has it. */
const POLL_MS = 250;

/** Lets a collector turn until the signal; `isOnce`, until all that is there is kept. A turn that has begun is ended. */
export async function collectLoop(
  collector: FileCollector,
  signal: AbortSignal,
  isOnce: boolean,
): Promise<void> {
  try {
    while (!signal.aborted) {
      if ((await collector.turn()) > 0) continue;
      if (isOnce) return;
      await wait(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await collector.close();
  }
}
