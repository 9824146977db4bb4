import { expect, tap, test } from './lab';

const HOUR = 3_600_000;

/** Ms by which an event's timestamp may lie outside of the time in which it was made. */
const SKEW = 3_000;

for (const [direction, jump] of [
  ['forward', HOUR],
  ['back', -HOUR],
] as const) {
  test(`a device clock that jumps an hour ${direction} in mid-life delays and misdates nothing`, async ({
    lab,
    page,
  }) => {
    lab.server.failNext({ kind: 'unavailable', retryAfter: () => '2' });
    await page.goto(lab.app);
    const began = Date.now();
    await tap(page, 10);
    await page.evaluate(() => window.telemetry.flush());
    await page.evaluate((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
    }, jump);
    await tap(page, 10);
    const ended = Date.now();
    // What waited for the hour to be over would outlast the test.
    await lab.expectExactly(20, page);

    const dates = lab.server.exchanges.flatMap(({ text }) =>
      (JSON.parse(text) as { readonly metrics: readonly { readonly timestamp: number }[] }).metrics.map(
        ({ timestamp }) => timestamp,
      ),
    );
    expect(dates.length).toBeGreaterThan(1);
    expect(Math.min(...dates)).toBeGreaterThan(began - SKEW);
    expect(Math.max(...dates)).toBeLessThan(ended + SKEW);
  });
}
