import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startGateway } from '@artel/test-support/servers/demo';
import type { Page } from '@playwright/test';
import { potBalls, startGame } from './playGame';
import { expect, test, withoutBrowser } from './stack';

test.skip(...withoutBrowser);

const ADMIN_TOKEN = 'the-operators-own-token';

async function post(gateway: string, body: unknown): Promise<void> {
  const response = await fetch(`${gateway}/api/metrics`, { method: 'POST', body: JSON.stringify(body) });
  expect(response.status, await response.text()).toBe(202);
}

interface Watched {
  /** Addresses of other servers that the page has asked. */
  readonly foreign: string[];
  /** Script errors, dialogs, and what the policy has stopped. */
  readonly troubles: string[];
}

/** Notes whatever a page that shows strangers' text must never do. */
async function watch(page: Page, own: string): Promise<Watched> {
  const watched: Watched = { foreign: [], troubles: [] };
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== own) watched.foreign.push(request.url());
  });
  page.on('pageerror', (error) => watched.troubles.push(error.message));
  page.on('dialog', (dialog) => {
    watched.troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.exposeFunction('noteViolation', (text: string) => watched.troubles.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const note: unknown = Reflect.get(window, 'noteViolation');
      if (typeof note === 'function') note(`${violatedDirective} stopped ${blockedURI}`);
    });
  });
  return watched;
}

const tile = (page: Page, name: string) => page.getByTestId(`tile-${name}`).locator('.tile-value');
const status = (page: Page) => page.getByRole('status');

test('what players do is on the live page as they do it', async ({ page, context, stack }) => {
  const live = await context.newPage();
  const watched = await watch(live, stack.gateway);
  await live.goto(`${stack.gateway}/live`);
  await expect(status(live)).toHaveText('Live');
  await expect(live.getByRole('heading', { name: 'No events yet' })).toBeVisible();
  await expect(live.locator('#empty-command')).toContainText(`curl ${stack.gateway}/api/metrics`);

  await startGame(page, stack.app);
  await potBalls(page, 1, 6);
  await expect(live.locator('#players')).toContainText('ball_clicked');
  await expect(live.locator('.bar', { hasText: 'ball_potted · kolkhoz' }).locator('.bar-value')).toHaveText(
    '6',
  );
  await expect(live.getByRole('row', { name: /POST \/api\/game\/sessions\/:id\/pot/ })).toBeVisible();
  await expect(live.getByTestId('log-line').first()).toBeVisible();
  await expect(tile(live, 'active-pages')).toHaveText('1');
  await expect(live.getByRole('heading', { name: 'No events yet' })).toBeHidden();

  await page.goto(`${stack.app}/broken`);
  await page.getByTestId('break-it').click();
  const group = live.getByTestId('error-group').filter({ hasText: 'The cue broke' });
  await expect(group).toBeVisible();
  await expect(tile(live, 'errors')).toHaveText('1');
  await expect(group.locator('pre')).toBeHidden();
  // By keyboard alone, and it stays open while the page goes on.
  await group.locator('summary').focus();
  await live.keyboard.press('Enter');
  await expect(group.locator('pre')).toContainText(/Error: The cue broke\n\s+at /);
  await page.getByTestId('try-again').click();
  await page.getByTestId('break-it').click();
  await expect(group.locator('.error-count')).toHaveText('×2');
  await expect(group.locator('pre')).toBeVisible();
  expect(watched).toEqual({ foreign: [], troubles: [] });
});

const hostile = [
  '<img src=x onerror="window.pwned=1">',
  '"><svg/onload=window.pwned=1>',
  '</script><script>window.pwned=1</script>',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '{{constructor.constructor("window.pwned=1")()}}',
  '\u202egnp.exe \u0000\u001b[31mred',
] as const;

test('what strangers write is text and nothing else', async ({ page, folder }) => {
  const gateway = await startGateway({ folder });
  const { url } = gateway;
  const watched = await watch(page, url);
  await page.goto(`${url}/live`);
  await expect(status(page)).toHaveText('Live');
  const now = Date.now();
  await post(url, {
    page: hostile[0],
    app: { name: hostile[0], version: hostile[1] },
    metrics: hostile.flatMap((text) => [
      { name: 'user_action_total', labels: { action: text, page: text } },
      { name: 'game_event_total', labels: { event_type: text, game_type: text } },
      { name: 'frontend_error_total', labels: { error_type: text, page: text } },
      {
        name: 'api_request_duration_ms',
        value: 20,
        labels: { endpoint: text, method: text, status_code: text },
      },
    ]),
    logs: hostile.flatMap((text, at) => [
      {
        level: 'error',
        category: 'error',
        message: `${text}: ${text}`,
        timestamp: now,
        fields: {
          error_type: `${text}${at}`,
          stack: `${text}\n    at ${text}`,
          page: text,
          [`f${at}`]: text,
        },
      },
      { level: 'info', category: text.slice(0, 64), message: text, timestamp: now, fields: { text } },
    ]),
  });

  await expect(page.getByTestId('error-group')).toHaveCount(hostile.length);
  for (const summary of await page.locator('.error summary').all()) await summary.click();
  for (const text of hostile.slice(0, 5)) {
    await expect(page.getByTestId('error-group').filter({ hasText: text }).first()).toBeVisible();
    await expect(page.getByTestId('log-line').filter({ hasText: text }).first()).toBeVisible();
  }
  await expect(page.locator('#players')).toContainText(hostile[0]);
  await expect(page.locator('main :is(img, svg, iframe, script, b > *)')).toHaveCount(0);
  expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();

  // Were it to be written as markup by mistake, the policy would not let it.
  const asMarkup = page.evaluate((text) => {
    document.body.insertAdjacentHTML('beforeend', text);
  }, hostile[0]);
  await expect(asMarkup).rejects.toThrow(/TrustedHTML/);
  expect(watched.foreign).toEqual([]);
  expect(watched.troubles.filter((trouble) => !trouble.startsWith('require-trusted-types-for'))).toEqual([]);
  await gateway.close();
});

test('logs are filtered by level and text, and held still', async ({ page, folder }) => {
  const gateway = await startGateway({ folder });
  const { url } = gateway;
  const log = (level: string, message: string) => ({ level, message, timestamp: Date.now() });
  await post(url, {
    metrics: [],
    logs: [
      log('debug', 'theme applied'),
      log('info', 'joined room 7'),
      log('warn', 'slow'),
      log('error', 'no room'),
    ],
  });
  await page.goto(`${url}/live`);
  const rows = page.getByTestId('log-line');
  await expect(rows).toHaveCount(4);
  await page.getByLabel('Least level').selectOption('warn');
  await expect(rows).toHaveText([/no room/, /slow/]);
  await page.getByLabel('Least level').selectOption('debug');
  await page.getByLabel('Filter by text').fill('ROOM');
  await expect(rows).toHaveText([/no room/, /joined room 7/]);
  await page.getByRole('button', { name: 'Pause' }).click();
  await post(url, { metrics: [], logs: [log('info', 'another room')] });
  await expect(page.getByRole('button', { name: 'Resume · 1 new' })).toBeVisible();
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: /Resume/ }).click();
  await expect(rows).toHaveText([/another room/, /no room/, /joined room 7/]);
  await page.getByLabel('Filter by text').fill('nowhere to be found');
  await expect(rows).toHaveCount(0);
  await expect(page.getByText('No line is of this level and has this text.')).toBeVisible();
  await gateway.close();
});

test('a page that loses its gateway says so, and goes on when it is back', async ({ page, folder }) => {
  const gateway = await startGateway({ folder });
  await post(gateway.url, {
    metrics: [{ name: 'user_action_total', labels: { action: 'before', page: '/' } }],
  });
  await page.goto(`${gateway.url}/live`);
  await expect(page.locator('#players')).toContainText('before');
  await gateway.stop();
  await expect(status(page)).toContainText('Reconnecting · last heard');
  await expect(page.locator('#players')).toContainText('before');
  await gateway.start();
  await post(gateway.url, {
    metrics: [{ name: 'user_action_total', labels: { action: 'after', page: '/' } }],
  });
  await expect(status(page)).toHaveText('Live');
  await expect(page.locator('#players')).toContainText('after');
  await expect(page.locator('#players')).not.toContainText('before');
  await gateway.close();
});

test('in production the page asks for a token, and keeps it from scripts', async ({
  page,
  context,
  folder,
}) => {
  const gateway = await startGateway({
    folder,
    env: { GATEWAY_ENV: 'production', GATEWAY_ADMIN_TOKEN: ADMIN_TOKEN },
  });
  const { url } = gateway;
  await page.goto(`${url}/live`);
  const field = page.getByRole('textbox', { name: 'Read token' });
  await expect(field).toBeFocused();
  await expect(page.locator('#main')).toBeHidden();
  await field.fill('a-token-of-nobody');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('This token may not read here.');
  await field.fill(ADMIN_TOKEN);
  await field.press('Enter');
  await expect(status(page)).toHaveText('Live');
  await expect(field).toBeHidden();

  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/live' });
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(JSON.stringify(cookie)).not.toContain(ADMIN_TOKEN);
  await page.reload();
  await expect(status(page)).toHaveText('Live');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(field).toBeVisible();
  expect(await context.cookies()).toEqual([]);
  await gateway.close();
});

const looks = [
  { name: 'phone', viewport: { width: 390, height: 844 } },
  { name: 'desktop', viewport: { width: 1360, height: 900 } },
] as const;

test('the page fits a phone and a desk, by day and by night', async ({ browser, folder }, info) => {
  const gateway = await startGateway({ folder });
  const { url } = gateway;
  await post(url, {
    metrics: [
      {
        name: 'user_action_total',
        value: 40,
        labels: { action: 'a_name_much_longer_than_most_of_the_names_that_apps_use', page: '/' },
      },
      {
        name: 'api_request_duration_ms',
        values: [20, 900, 40_000],
        labels: { endpoint: `/api/${'deep/'.repeat(30)}`, method: 'GET', status_code: '200' },
      },
      { name: 'web_vital_lcp_ms', values: [900, 5_000], labels: { page: '/' } },
      { name: 'frontend_error_total', labels: { error_type: 'TypeError', page: '/' } },
    ],
    logs: [
      {
        level: 'error',
        category: 'error',
        message: `TypeError: ${'x'.repeat(300)}`,
        timestamp: Date.now(),
        fields: { error_type: 'TypeError', stack: `TypeError: x\n    at ${'y'.repeat(300)}` },
      },
      { level: 'info', message: `${'w'.repeat(300)}`, timestamp: Date.now() },
    ],
  });
  mkdirSync(info.outputDir, { recursive: true });
  for (const { name, viewport } of looks) {
    const backgrounds = new Set<string>();
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport, colorScheme });
      await page.goto(`${url}/live`);
      await expect(status(page)).toHaveText('Live');
      await page.locator('.error summary').click();
      await expect(page.locator('.error pre')).toBeVisible();
      for (const span of ['1 min', '5 min'])
        await page.getByRole('radio', { name: span }).check({ force: true });
      // Nothing sticks out to the side, and every chart is drawn as wide as its card.
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
      ).toBeLessThanOrEqual(0);
      for (const chart of await page.locator('.chart').all()) {
        const [outer, inner] = [await chart.boundingBox(), await chart.locator('canvas').boundingBox()];
        expect(Math.abs((outer?.width ?? 0) - (inner?.width ?? -99))).toBeLessThan(2);
      }
      await expect(page.getByTestId('vital-lcp')).toContainText('Poor');
      await expect(tile(page, 'api-p95')).toHaveText('≥ 30 s');
      backgrounds.add(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
      await page.screenshot({
        path: join(info.outputDir, `live-${name}-${colorScheme}.png`),
        fullPage: true,
      });
      await page.close();
    }
    expect(backgrounds.size).toBe(2);
  }
  await gateway.close();
});
