import { potBalls, startGame } from './playGame';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);

const potted = { game_type: 'kolkhoz', event_type: 'ball_potted' };

test('the counts are exact although the gateway answers 503 to the first three batches', async ({
  page,
  stack,
}) => {
  const unavailable = { kind: 'unavailable', retryAfter: () => '1' } as const;
  stack.proxy.failNext(unavailable, unavailable, unavailable);
  await startGame(page, stack.app);
  await potBalls(page, 1, 9);
  await expect.poll(() => stack.counted('game_event_total', potted)).toBe(9);
  expect(stack.proxy.refused).toBe(3);
  await page.waitForTimeout(6_000);
  expect(await stack.counted('game_event_total', potted)).toBe(9);
  expect(await stack.counted('user_action_total', { action: 'ball_clicked' })).toBe(9);
});

test('the counts are exact although the gateway is gone for ten seconds in mid-game', async ({
  page,
  stack,
}) => {
  await startGame(page, stack.app);
  await potBalls(page, 1, 4);
  await expect.poll(() => stack.counted('game_event_total', potted)).toBe(4);
  stack.proxy.down = true;
  await potBalls(page, 5, 9);
  await page.waitForTimeout(10_000);
  await expect.poll(() => stack.proxy.refused).toBeGreaterThan(0);
  stack.proxy.down = false;
  await potBalls(page, 10, 12);
  await expect.poll(() => stack.counted('game_event_total', potted)).toBe(12);
  await page.waitForTimeout(3_000);
  expect(await stack.counted('game_event_total', potted)).toBe(12);
  expect(await stack.counted('user_action_total', { action: 'ball_clicked' })).toBe(12);
});

test('the counts are exact when the page is closed right after the last tap and opened again', async ({
  page,
  context,
  stack,
}) => {
  await startGame(page, stack.app);
  await potBalls(page, 1, 7);
  await page.close();
  const next = await context.newPage();
  await next.goto(stack.app);
  await expect.poll(() => stack.counted('game_event_total', potted)).toBe(7);
  await next.waitForTimeout(6_000);
  expect(await stack.counted('game_event_total', potted)).toBe(7);
  expect(await stack.counted('user_action_total', { action: 'ball_clicked' })).toBe(7);
});

test('what a page tapped while the gateway was gone, and was closed with, arrives after the next opening', async ({
  page,
  context,
  stack,
}) => {
  await startGame(page, stack.app);
  stack.proxy.down = true;
  await potBalls(page, 1, 5);
  await page.close();
  expect(await stack.counted('game_event_total', potted)).toBe(0);
  stack.proxy.down = false;
  const next = await context.newPage();
  await next.goto(stack.app);
  await expect.poll(() => stack.counted('game_event_total', potted)).toBe(5);
});
