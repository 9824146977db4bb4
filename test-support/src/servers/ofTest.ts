import { onTestFinished } from 'vitest';

/** Has something closed at the end of the running Vitest test. */
export async function ofTest<Thing extends { close(): unknown }>(
  starting: Thing | Promise<Thing>,
): Promise<Thing> {
  const thing = await starting;
  onTestFinished(async () => {
    await thing.close();
  });
  return thing;
}
