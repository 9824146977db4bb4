import { setTimeout as later } from 'node:timers/promises';

/** Ms; long, for a busy machine, and shorter than a test may take, so that the error says what did not come. */
const PATIENCE = 300_000;
const PAUSE = 20;

/** Resolves with what `look` finds once it finds something. Throws an error that names what did not come. */
export async function waitFor<Found>(
  what: string,
  look: () => Found | undefined | Promise<Found | undefined>,
): Promise<Found> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`within ${PATIENCE / 1_000} s there was no ${what}`);
    await later(PAUSE);
  }
}

/** Resolves once `holds` does. Throws an error that names what never held. */
export async function waitUntil(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  await waitFor(what, async () => ((await holds()) ? true : undefined));
}

/** The same, where the condition's own source says enough. */
export const until = (holds: () => boolean | Promise<boolean>): Promise<void> =>
  waitUntil(`moment at which ${holds} holds`, holds);

/** Resolves when an address answers 200, rejects when it does not: what a server is asked for until it is ready. */
export async function answers(url: string): Promise<void> {
  const { status } = await fetch(url);
  if (status !== 200) throw new Error(`${url} answered ${status}`);
}
