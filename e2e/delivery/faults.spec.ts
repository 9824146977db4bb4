import { expect, tap, test } from './lab';

const RETRY_AFTER: readonly (readonly [string, () => string])[] = [
  ['in seconds', () => '2'],
  ['as a date', () => new Date(Date.now() + 3_000).toUTCString()],
];

for (const [form, retryAfter] of RETRY_AFTER) {
  test(`three answers 503 with a Retry-After ${form} cost time and no tap`, async ({ lab, page }) => {
    const unavailable = { kind: 'unavailable', retryAfter } as const;
    lab.server.failNext(unavailable, unavailable, unavailable);
    await page.goto(lab.app);
    await tap(page, 10);
    await page.evaluate(() => window.telemetry.flush());
    await tap(page, 10);
    await lab.expectExactly(20, page);

    const [first, second, third, fourth] = lab.server.exchanges.map(({ at }) => at);
    // The first two waits are longer than any backoff would be: one second, then two.
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(1_900);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThan(1_900);
    expect((fourth ?? 0) - (third ?? 0)).toBeGreaterThan(1_900);
    expect(lab.server.exchanges.slice(0, 4).map(({ fault }) => fault)).toEqual([
      'unavailable',
      'unavailable',
      'unavailable',
      undefined,
    ]);
  });
}

test('batches whose answers are lost after the gateway counted them are not counted again', async ({
  lab,
  page,
}) => {
  lab.server.failNext({ kind: 'lost' }, { kind: 'lost' }, { kind: 'lost' });
  await page.goto(lab.app);
  await tap(page, 10);
  await page.evaluate(() => window.telemetry.flush());
  expect(await lab.taps()).toBe(10);
  await tap(page, 10);
  await lab.expectExactly(20, page);
  expect(lab.server.exchanges.filter(({ duplicate }) => duplicate).length).toBeGreaterThan(0);
});

test('a request that hangs for ever holds nothing up for longer than the client waits', async ({
  lab,
  page,
}) => {
  lab.server.failNext({ kind: 'hang' });
  await page.goto(lab.app);
  await tap(page, 10);
  void page.evaluate(() => window.telemetry.flush()).catch(() => undefined);
  await expect.poll(() => lab.server.exchanges.length).toBe(1);
  await tap(page, 10);
  // The server never lets go of the first request: the client itself gives it up.
  await lab.expectExactly(20, page);
});
