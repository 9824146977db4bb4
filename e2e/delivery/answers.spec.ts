// What answers at the gateway's path is not always the gateway.
import { expect, tap, test } from './lab';

const html = { 'content-type': 'text/html' };

const foreign = [
  {
    who: 'a captive portal that says 200',
    status: 200,
    headers: html,
    text: '<h1>Welcome to our Wi-Fi</h1>',
  },
  { who: 'a proxy that redirects to /login', status: 302, headers: { location: '/login' }, text: '' },
] as const;

for (const { who, ...answer } of foreign) {
  test(`taps that ${who} swallows are kept, and delivered when the gateway is back`, async ({
    lab,
    page,
  }) => {
    lab.server.failNext({ kind: 'foreign', ...answer });
    await page.goto(lab.app);
    const warned = page.waitForEvent('console', (line) => line.type() === 'warning');
    await tap(page, 10);
    await page.evaluate(() => window.telemetry.flush());
    expect((await warned).text()).toContain("the answer is not the gateway's: 200 text/html");
    expect(await page.evaluate(() => window.telemetry.stats())).toMatchObject({
      acknowledged: 0,
      pending: 10,
      lastError: expect.stringContaining('text/html'),
    });
    await lab.expectExactly(10, page);
    expect(await page.evaluate(() => window.telemetry.stats().lastError)).toBeUndefined();
  });
}

test('the warning about a refusal says what the gateway says', async ({ lab, page }) => {
  lab.server.failNext({
    kind: 'foreign',
    status: 403,
    headers: { 'content-type': 'application/problem+json' },
    text: JSON.stringify({ status: 403, title: 'Forbidden', detail: 'the origin is not allowed' }),
  });
  await page.goto(lab.app);
  const warned = page.waitForEvent('console', (line) => line.type() === 'warning');
  await tap(page, 10);
  await page.evaluate(() => window.telemetry.flush());
  expect((await warned).text()).toContain('the gateway answered 403 the origin is not allowed');
  expect(await page.evaluate(() => window.telemetry.stats())).toMatchObject({
    pending: 0,
    dropped: { rejected: 10 },
  });
});
