import { potBalls, startGame } from './playGame';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);

const BALLS = 15;

test('a whole game of kolkhoz arrives in Prometheus with the exact number of balls potted', async ({
  page,
  stack,
  prometheus,
}) => {
  await startGame(page, stack.app);
  await potBalls(page, 1, BALLS);
  if (await page.getByTestId('finish-game').isVisible()) await page.getByTestId('finish-game').click();
  await expect(page.getByTestId('result')).toBeVisible();

  await expect
    .poll(() => prometheus.value('sum(game_event_total{game_type="kolkhoz",event_type="ball_potted"})'))
    .toBe(BALLS);
  await expect.poll(() => prometheus.value('sum(user_action_total{action="ball_clicked"})')).toBe(BALLS);
  await expect
    .poll(() =>
      prometheus.value(
        'histogram_quantile(0.95, sum by (le) (api_request_duration_ms_bucket{endpoint="/api/game/sessions/:id/pot"}))',
      ),
    )
    .toBeGreaterThan(0);

  // Nothing is sent again later, and the session never became a label.
  await page.getByTestId('stats-toggle').click();
  await expect(page.getByTestId('stats-pending')).toHaveText('0');
  expect(await stack.counted('game_event_total', { event_type: 'ball_potted' })).toBe(BALLS);
  const exposition = await (await fetch(`${stack.gateway}/metrics`)).text();
  expect(exposition).not.toContain('session_id');
  expect(exposition).not.toContain('ball_id');
});

test('web vitals and the page load of a real page arrive', async ({ page, stack }) => {
  await page.goto(stack.app);
  await page.getByTestId('game-type-americanka').click();
  // The Largest Contentful Paint is final when the page hides.
  await page.goto('about:blank');
  await page.goto(stack.app);
  for (const name of ['page_load_duration_ms', 'web_vital_lcp_ms', 'web_vital_fcp_ms', 'web_vital_ttfb_ms']) {
    await expect.poll(() => stack.counted(`${name}_count`)).toBeGreaterThan(0);
  }
});
