import { expect, expectKept, tap, test } from './lab';

test('two hundred events of an offline tab that was closed arrive with the next opening', async ({
  lab,
  context,
}) => {
  const page = await context.newPage();
  await page.goto(lab.app);
  await context.setOffline(true);
  for (let i = 0; i < 10; i++) {
    await tap(page, 20);
    await page.waitForTimeout(50);
  }
  await page.close();
  expect(await lab.taps()).toBe(0);
  await context.setOffline(false);

  const next = await context.newPage();
  await next.goto(lab.app);
  await lab.expectExactly(200, next);
});

// That none of these tasks is long is measured in benchmarks/, where timings belong.
test('five thousand events of a seven-second outage arrive', async ({ lab, page }) => {
  await page.goto(lab.app);
  lab.server.down = true;
  await page.evaluate(async () => {
    for (let task = 0; task < 20; task++) {
      await new Promise((resolve) => setTimeout(resolve, 350));
      for (let i = 0; i < 250; i++) window.telemetry.trackGameEvent('ball_potted', 'kolkhoz', `game-${i}`);
    }
  });
  const potted = () => lab.counted({ event_type: 'ball_potted', game_type: 'kolkhoz' }, 'game_event_total');
  expect(await potted()).toBe(0);

  lab.server.down = false;
  await page.evaluate(() => window.telemetry.flush());
  await expect.poll(potted).toBe(5_000);
  await lab.expectExactly(0, page);
  expect(await potted()).toBe(5_000);
});

test('two tabs that share a device lose and double nothing when one closes in an outage', async ({
  lab,
  context,
}) => {
  const [one, two] = [await context.newPage(), await context.newPage()];
  await one.goto(lab.app);
  await two.goto(lab.app);
  await tap(one, 10);
  await tap(two, 10);
  await Promise.all([one, two].map((page) => page.evaluate(() => window.telemetry.flush())));
  lab.server.down = true;
  await tap(one, 10);
  await tap(two, 10);
  await Promise.all([one, two].map((page) => page.evaluate(() => window.telemetry.flush())));
  await tap(two, 10);
  // The window of the living tab is on the device now, where the third must leave it alone.
  await expectKept(two, 30);
  await tap(one, 10);
  await one.close();
  expect(await lab.taps()).toBe(20);
  lab.server.down = false;

  const three = await context.newPage();
  await three.goto(lab.app);
  await tap(three, 10);
  await three.evaluate(() => window.telemetry.flush());
  await tap(two, 10);
  await two.evaluate(() => window.telemetry.flush());
  await lab.expectExactly(80, two, three);
});
