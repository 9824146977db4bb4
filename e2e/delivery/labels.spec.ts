import type { Page } from '@playwright/test';
import { expect, type Lab, tap, test } from './lab';

type Verb = 'trackUserAction' | 'count' | 'log';

/** Calls one verb with everything that is hard to read; answers how often. */
function trackNasty(page: Page, verb: Verb): Promise<number> {
  return page.evaluate((called) => {
    const cyclic: Record<string, unknown> = { ball: 1 };
    cyclic['self'] = cyclic;
    const throws = () => {
      throw new Error('do not read me');
    };
    const nasty: readonly Readonly<Record<string, unknown>>[] = [
      Object.defineProperty({ ball: 2 }, 'trap', { enumerable: true, get: throws }),
      cyclic,
      { ball: 3n },
      { ball: 'я'.repeat(1_048_576) },
      new Proxy({}, { ownKeys: throws }),
      { ball: { toString: throws, toJSON: throws } },
      { ball: Symbol('ball') },
      Object.create(null),
    ];
    for (const facts of nasty) {
      if (called === 'count') window.telemetry.count('potted_total', facts);
      else if (called === 'log') window.telemetry.log.info('potted', facts);
      else window.telemetry.trackUserAction('tap', facts);
    }
    return nasty.length;
  }, verb);
}

async function deliver(lab: Lab, page: Page, verb: Verb): Promise<number> {
  await page.goto(lab.app);
  const tracked = await trackNasty(page, verb);
  await page.evaluate(() => window.telemetry.flush());
  return tracked;
}

test('actions are counted whatever their metadata does when it is read', async ({ lab, page }) => {
  await lab.expectExactly(await deliver(lab, page, 'trackUserAction'), page);
});

test('counters count whatever their labels do when they are read', async ({ lab, page }) => {
  const tracked = await deliver(lab, page, 'count');
  await lab.expectExactly(0, page);
  expect(await lab.counted({}, 'potted_total')).toBe(tracked);
});

test('log lines are taken whatever their fields do when they are read', async ({ lab, page }) => {
  const tracked = await deliver(lab, page, 'log');
  await lab.expectExactly(0, page);
  const lines = lab.server.exchanges.flatMap(
    ({ text }) => (JSON.parse(text) as { readonly logs?: readonly unknown[] }).logs ?? [],
  );
  expect(lines).toHaveLength(tracked);
});

test('a bigint among forty-one taps costs itself alone', async ({ lab, page }) => {
  await page.goto(lab.app);
  await tap(page, 20);
  await page.evaluate(() => {
    const { telemetry } = window;
    // Callers without types pass it.
    Reflect.apply(telemetry.count, telemetry, ['potted_total', {}, 5n]);
  });
  await tap(page, 21);
  await page.evaluate(() => window.telemetry.flush());
  await expect.poll(lab.taps).toBe(41);
  expect(await page.evaluate(() => window.telemetry.stats())).toMatchObject({
    emitted: 42,
    acknowledged: 41,
    pending: 0,
    dropped: { invalid: 1 },
  });
});

test('everything arrives from a page whose old library gives arrays a toJSON', async ({ lab, page }) => {
  await page.addInitScript(() => {
    // As Prototype 1.6 does: JSON.stringify takes the text for the value.
    Object.assign(Array.prototype, {
      toJSON(this: readonly unknown[]) {
        return `[${this.join(', ')}]`;
      },
    });
  });
  await page.goto(lab.app);
  await tap(page, 10);
  await page.evaluate(() => {
    window.telemetry.trackUserAction('tap', { balls: '1, 2' });
    return window.telemetry.flush();
  });
  await lab.expectExactly(11, page);
});

test('metadata named as a label stays on the line', async ({ lab, page }) => {
  await page.goto(lab.app);
  await page.evaluate(() => {
    window.telemetry.trackUserAction('tap', { page: 3 });
    return window.telemetry.flush();
  });
  await lab.expectExactly(1, page);
  expect(await lab.counted({ action: 'tap', page: '/' })).toBe(1);
  const [batch] = lab.server.exchanges.map(
    ({ text }) => JSON.parse(text) as { readonly logs?: readonly { readonly fields: unknown }[] },
  );
  expect(batch?.logs?.map(({ fields }) => fields)).toEqual([expect.objectContaining({ page: 3 })]);
});
