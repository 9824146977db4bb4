import { setTimeout as later } from 'node:timers/promises';

/** Ms; long, for a busy machine, and shorter than a test may take, so that it tells what did not come. */
const PATIENCE = 300_000;

/** Resolves with what `look` finds once it finds something. Throws an error that names what did not come. */
export async function waitFor<Found>(
  what: string,
  look: () => Found | undefined | Promise<Found | undefined>,
): Promise<Found> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`within ${PATIENCE / 1_000} s there was no ${what}`);
    await later(100);
  }
}

/** Resolves once `holds` does. Throws an error that names what never held. */
export async function waitUntil(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  await waitFor(what, async () => ((await holds()) ? true : undefined));
}
