import type { Page } from '@playwright/test';
import { keptEvents } from './delivery/lab';
import { potBalls, startGame } from './playGame';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);

const potted = { game_type: 'kolkhoz', event_type: 'ball_potted' };

/** What the telemetry client keeps on the device: records, copies, the session. */
function keptOnDevice(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const ours = (storage: Storage) =>
      Object.keys(storage).filter((key) => key.startsWith('artel-telemetry'));
    const kept = [...ours(localStorage), ...ours(sessionStorage)];
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith('artel-telemetry')) continue;
      const keys = await new Promise<IDBValidKey[]>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = reject;
        opening.onsuccess = () => {
          const database = opening.result;
          const table = database.objectStoreNames.item(0);
          if (table === null) return resolve([]);
          const asked = database.transaction(table).objectStore(table).getAllKeys();
          asked.onsuccess = () => {
            resolve(asked.result);
            database.close();
          };
        };
      });
      kept.push(...keys.map(String));
    }
    return kept;
  });
}

/** Counts the batches that leave the page from now on. */
function watchBatches(page: Page): () => number {
  let batches = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/metrics') batches += 1;
  });
  return () => batches;
}

const openPanel = async (page: Page, view: 'books' | 'batch' | 'trouble' | 'context') => {
  if (!(await page.getByTestId('stats-panel').isVisible())) await page.getByTestId('stats-toggle').click();
  await page.getByTestId(`view-${view}`).click();
};

test.describe('in a Russian browser', () => {
  test.use({ locale: 'ru-RU' });

  test('the game is played in Russian, until English is chosen', async ({ page, stack }) => {
    await startGame(page, stack.app);
    await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
    await expect(page).toHaveTitle('Партия · Артель Бильярд');
    await potBalls(page, 1, 3);
    await expect(page.getByTestId('turn')).toHaveText('Анна');
    await expect(page.getByTestId('balls-left')).toHaveText('ещё 12 шаров');
    await page.getByTestId('miss').click();
    await potBalls(page, 4, 14);
    await expect(page.getByTestId('balls-left')).toHaveText('ещё 1 шар');
    await page.getByTestId('finish-game').click();
    await expect(page.getByTestId('result')).toContainText('Победа: Борис');
    await expect.poll(() => stack.counted('game_event_total', potted)).toBe(14);

    await page.goto(`${stack.app}/history`);
    await expect(page.getByTestId('history')).toContainText('КолхозАнна -5Борис +19Вера -14');
    await page.getByTestId('tab-settings').click();
    await page.getByTestId('language-en').click();
    await expect(page.locator('h1')).toHaveText('Settings');
    await page.reload();
    await expect(page.locator('h1')).toHaveText('Settings');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });
});

test('inside Telegram the game speaks the player’s language there, and is felt under the finger', async ({
  page,
  stack,
}) => {
  await page.addInitScript(() => {
    const felt: string[] = [];
    const WebApp = {
      platform: 'android',
      version: '9.1',
      colorScheme: 'dark',
      initDataUnsafe: { user: { language_code: 'ru' } },
      HapticFeedback: {
        impactOccurred: (style: string) => felt.push(style),
        notificationOccurred: (type: string) => felt.push(type),
      },
    };
    Object.assign(window, { Telegram: { WebApp }, felt });
  });
  await startGame(page, stack.app);
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  await potBalls(page, 1, 2);
  await page.getByTestId('finish-game').click();
  expect(await page.evaluate(() => Reflect.get(window, 'felt'))).toEqual(['medium', 'medium', 'success']);
  await openPanel(page, 'context');
  await expect(page.getByTestId('context-platform')).toContainText('android 9.1');
  await page.goto(`${stack.app}/settings`);
  await expect(page.getByTestId('settings-theme')).toHaveText('Тёмная, как в Telegram');
});

test('once consent is withdrawn nothing is sent or kept, on the next opening neither, until it is given again', async ({
  page,
  stack,
}) => {
  await startGame(page, stack.app);
  await potBalls(page, 1, 3);
  await expect.poll(() => stack.counted('game_event_total', potted)).toBe(3);
  await page.getByTestId('back').click();
  await page.getByTestId('consent-allow').click();
  await expect(page.getByTestId('consent-card')).toBeHidden();

  await page.getByTestId('tab-settings').click();
  await page.getByTestId('consent-switch').click();
  await expect(page.getByTestId('consent-switch')).toHaveAttribute('aria-checked', 'false');
  await expect(page.getByTestId('settings-waiting')).toHaveText('0');
  const actions = await stack.counted('user_action_total');
  const batches = watchBatches(page);
  await expect.poll(() => keptOnDevice(page)).toEqual([]);

  await page.getByTestId('tab-lobby').click();
  await page.getByTestId('game-type-kolkhoz').click();
  await page.getByTestId('start-game').click();
  await potBalls(page, 1, 5);
  await openPanel(page, 'books');
  await expect(page.getByTestId('stats-pending')).toHaveText('0');
  await expect(page.getByTestId('stats-dropped-reasons')).toContainText('consent');
  await expect(page.getByTestId('stats-balance')).toHaveText(/The books balance/);
  await page.getByTestId('stats-flush').click();
  // Longer than a window is open.
  await page.waitForTimeout(6_500);
  expect(await keptOnDevice(page)).toEqual([]);

  await page.reload();
  await potBalls(page, 6, 7);
  await page.waitForTimeout(6_500);
  expect(batches()).toBe(0);
  expect(await keptOnDevice(page)).toEqual([]);
  expect(await stack.counted('game_event_total', potted)).toBe(3);
  expect(await stack.counted('user_action_total')).toBe(actions);

  await page.goto(`${stack.app}/settings`);
  await page.getByTestId('consent-switch').click();
  await page.getByTestId('tab-history').click();
  await expect.poll(() => stack.counted('user_action_total', { page: '/history' })).toBe(1);
  expect(await stack.counted('game_event_total', potted)).toBe(3);
});

test('a page that must ask first sends and keeps nothing before the answer', async ({ page, stack }) => {
  await page.route(`${stack.app}/`, async (route) => {
    const response = await route.fetch();
    const html = (await response.text()).replace(
      '<head>',
      '<head><meta name="telemetry-consent" content="ask">',
    );
    await route.fulfill({ response, body: html });
  });
  const batches = watchBatches(page);
  await startGame(page, stack.app);
  await potBalls(page, 1, 4);
  await page.waitForTimeout(6_500);
  expect(batches()).toBe(0);
  expect(await keptOnDevice(page)).toEqual([]);
  await page.getByTestId('back').click();
  await expect(page.getByTestId('consent-card')).toContainText('until you say yes');
  await page.getByTestId('consent-allow').click();
  await expect.poll(() => stack.counted('game_event_total', potted)).toBe(4);
});

test('with the panel’s offline switch on events wait, and then arrive exactly', async ({ page, stack }) => {
  await startGame(page, stack.app);
  await potBalls(page, 1, 2);
  await expect.poll(() => stack.counted('game_event_total', potted)).toBe(2);

  await openPanel(page, 'trouble');
  await page.getByTestId('trouble-offline').click();
  await page.getByTestId('stats-close').click();
  await potBalls(page, 3, 9);
  await openPanel(page, 'batch');
  await expect(page.getByTestId('last-batch-answer')).toHaveText('failed');
  await expect(page.getByTestId('batch-metrics')).toContainText('event_type=ball_potted');
  await page.getByTestId('view-books').click();
  await expect(page.getByTestId('stats-pending')).not.toHaveText('0');
  await expect(page.getByTestId('stats-last-error')).toContainText('Failed to fetch');
  await expect(page.getByTestId('notice')).toContainText('away');
  expect(await stack.counted('game_event_total', potted)).toBe(2);

  await page.getByTestId('view-trouble').click();
  await page.getByTestId('trouble-offline').click();
  await expect.poll(() => stack.counted('game_event_total', potted)).toBe(9);
  await page.getByTestId('view-books').click();
  await expect(page.getByTestId('stats-pending')).toHaveText('0');
  await expect(page.getByTestId('stats-balance')).toHaveText(/The books balance/);
  await expect(page.getByTestId('notice')).toBeHidden();
  await page.waitForTimeout(3_000);
  expect(await stack.counted('game_event_total', potted)).toBe(9);
});

test('what the panel breaks is counted: a flood, a crash, a rejection, bad calls', async ({
  page,
  stack,
}) => {
  await startGame(page, stack.app);
  await openPanel(page, 'trouble');
  for (const name of ['flood', 'rejection', 'failing', 'slow']) {
    await page.getByTestId(`trouble-${name}`).click();
    await expect(page.getByTestId('trouble-done')).not.toBeEmpty();
  }
  await page.getByTestId('trouble-crash').click();
  await expect(page.getByTestId('boundary-fallback')).toBeVisible();
  await expect(page.getByTestId('stats-panel')).toBeVisible();
  await page.getByTestId('try-again').click();
  await expect(page.getByTestId('table')).toBeVisible();

  await expect.poll(() => stack.counted('user_action_total', { action: 'flood_tap' })).toBe(1_000);
  await expect.poll(() => stack.counted('frontend_error_total')).toBe(2);
  const answered = (endpoint: string) => stack.counted('api_request_duration_ms_count', { endpoint });
  await expect.poll(() => answered('/api/game/broken')).toBe(1);
  await expect.poll(() => answered('/api/game/slow')).toBe(1);
});

test('the page that is killed from the panel loses nothing, and the next one says what it took over', async ({
  page,
  stack,
}) => {
  await startGame(page, stack.app);
  await openPanel(page, 'trouble');
  await page.getByTestId('trouble-offline').click();
  await potBalls(page, 1, 6);
  await page.getByTestId('view-books').click();
  const pending = async () => Number(await page.getByTestId('stats-pending').textContent());
  await expect.poll(pending).toBeGreaterThanOrEqual(6);
  await expect.poll(async () => (await keptEvents(page)) - (await pending())).toBe(0);
  await page.getByTestId('view-trouble').click();
  await page.getByTestId('trouble-kill').click();
  await expect(page.getByTestId('stats-adopted')).not.toHaveText('0');
  await expect.poll(() => stack.counted('game_event_total', potted)).toBe(6);
  await page.waitForTimeout(3_000);
  expect(await stack.counted('game_event_total', potted)).toBe(6);
});

test('the last batch is copied as JSON that the gateway would take', async ({ page, context, stack }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await startGame(page, stack.app);
  await openPanel(page, 'batch');
  await page.getByTestId('stats-flush').click();
  await expect(page.getByTestId('last-batch-answer')).toHaveText('202');
  await page.getByTestId('copy-batch').click();
  await expect(page.getByTestId('copy-batch')).toHaveText('Copied');
  const batch: unknown = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(batch).toMatchObject({ producer: expect.any(String), seq: expect.any(Number) });
  await page.getByTestId('view-context').click();
  await expect(page.getByTestId('context-producer')).toHaveText(
    String(Reflect.get(Object(batch), 'producer')),
  );
});
