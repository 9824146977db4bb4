import { setTimeout as wait } from 'node:timers/promises';
import type { FileCollector } from './tail/collectFiles';

/** Ms between looks at files that have nothing new, as Alloy has it. */
const POLL_MS = 250;

/** Ms before the next try where the store or a file refused. */
const REST_MS = 2_000;

export interface CollectLoopOptions {
  readonly signal: AbortSignal;
  /** Whether it ends as soon as all that is there is kept. A trouble then ends it too. */
  readonly isOnce: boolean;
  readonly complain: (message: string) => void;
}

/** Lets a collector turn until the signal. A turn that has begun is ended; one that fails is tried again, and loses nothing. */
export async function collectLoop(
  collector: FileCollector,
  { signal, isOnce, complain }: CollectLoopOptions,
): Promise<void> {
  const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => undefined);
  try {
    while (!signal.aborted) {
      try {
        if ((await collector.turn()) > 0) continue;
      } catch (error) {
        if (isOnce) throw error;
        complain(`lines wait in their files: ${error instanceof Error ? error.message : String(error)}`);
        await pause(REST_MS);
      }
      if (isOnce) return;
      await pause(POLL_MS);
    }
  } finally {
    await collector.close();
  }
}
