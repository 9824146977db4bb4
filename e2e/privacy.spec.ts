import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import type { Telemetry } from '../packages/core/dist/index.js';
import { expect, withoutBrowser } from './base';
import { bundlePage } from './bundlePage';
import type { Canaries } from './privacy/canaries';
import { readStorage } from './privacy/readStorage';
import { type Catch, scan, textOf } from './privacy/scan';
import { test, type Watched } from './privacy/stack';

test.skip(...withoutBrowser);
const CLOUD = 'canarycloudvalue7f3a9c';
const ADDRESS = 'canaryaddress5b1d8e';

/**
 * Stands in for telegram-web-app.js as far as it matters here: it reads the launch from where that reads it, and prints
 * each message of the bridge on the console, with all that is in it.
 */
const webAppScript = `
  const params = JSON.parse(sessionStorage.getItem('__telegram__initParams') || '{}');
  const initData = params.tgWebAppData || '';
  const unsafe = Object.fromEntries([...new URLSearchParams(initData)].map(([name, value]) => {
    try { return [name, JSON.parse(value)]; } catch { return [name, value]; }
  }));
  const postEvent = (type, data) => console.log('[Telegram.WebView] > postEvent', type, data);
  window.Telegram = { WebApp: {
    initData, initDataUnsafe: unsafe, version: '9.1', platform: 'ios', colorScheme: 'light',
    ready: () => postEvent('web_app_ready'), expand: () => postEvent('web_app_expand'), close: () => postEvent('web_app_close'),
    onEvent() {}, offEvent() {},
    HapticFeedback: { impactOccurred() {}, notificationOccurred() {} },
    CloudStorage: { setItem: (key, value) => postEvent('web_app_invoke_custom_method',
      { req_id: '1', method: 'saveStorageValue', params: { key, value } }) },
  } };
`;

/** Makes every page of the context one inside Telegram, with a Sentry that samples everything. */
async function prepare(context: BrowserContext, { dsn, watch }: Watched): Promise<void> {
  watch(context);
  await context.route('https://telegram.org/js/telegram-web-app.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: webAppScript }),
  );
  await context.addInitScript((address) => {
    // Traces and replays of a tenth of all sessions are those of this one.
    const random = Math.random;
    Math.random = () => random() * 0.09;
    new MutationObserver((_, observer) => {
      if (!document.head) return;
      observer.disconnect();
      document.head.append(
        Object.assign(document.createElement('meta'), { name: 'sentry-dsn', content: address }),
      );
    }).observe(document, { childList: true, subtree: true });
  }, dsn);
}

/** What an app's own code may do wrong with a launch, each thing once, on a page that has read it. */
async function blunder(page: Page, hash: string): Promise<void> {
  await page.waitForFunction(() => 'Telegram' in window);
  await page.evaluate(
    async ([launch, cloud, secret]) => {
      const { initData, initDataUnsafe, CloudStorage } = (
        window as unknown as {
          Telegram: {
            WebApp: {
              initData: string;
              initDataUnsafe: object;
              CloudStorage: { setItem(key: string, value: string): void };
            };
          };
        }
      ).Telegram.WebApp;
      const later = (run: () => void): Promise<void> =>
        new Promise((resolve) => {
          setTimeout(() => {
            setTimeout(resolve);
            run();
          });
        });
      // As axios rejects: the request that failed, with its headers, is a part of the error.
      const refused = Object.assign(new Error('Request failed with status code 401'), {
        name: 'AxiosError',
        config: {
          url: `/api?initData=${encodeURIComponent(initData)}`,
          headers: { Authorization: `tma ${initData}` },
        },
        request: { headers: [['authorization', `tma ${initData}`]] },
        toJSON: () => ({ config: { headers: { Authorization: `tma ${initData}` } } }),
      });
      await later(() => void Promise.reject(refused));
      await later(() => void Promise.reject({ reason: 'no error at all', initData, user: initDataUnsafe }));
      await later(() => {
        throw new Error(`InvalidLaunchParamsError: Invalid launch params: ${launch.slice(1)}`);
      });
      await later(() => {
        throw new TypeError('no player', { cause: refused });
      });
      CloudStorage.setItem('address', cloud);
      console.error('cannot sign in', initDataUnsafe, initData);
      console.warn(JSON.stringify({ initData, user: initDataUnsafe }));
      await fetch(`https://unreachable.invalid/games?token=${secret}#${secret}`).catch(() => {});
      await fetch(`/api/game/sessions/none?initData=${secret}`, {
        headers: { Authorization: `Bearer ${secret}` },
      }).catch(() => {});
    },
    [hash, CLOUD, ADDRESS] as const,
  );
}

const errorsOf = ({ counted }: Watched): Promise<number> => counted('frontend_error_total');

/** Requests of the app's own making, which are to its own servers or to nowhere. */
const ownRequest = /unreachable\.invalid|\/api\/game\/sessions\/none/;

/** Everything there is to read but the one exchange, after the gateway has ended. */
async function everything(watched: Watched, stored: readonly Catch[]): Promise<readonly Catch[]> {
  const files = await watched.stop();
  const { sentry, loki, otlp } = watched.sent();
  const requested = watched.requested.filter(
    ({ place, bytes }) =>
      place !== 'POST /api/session' && !ownRequest.test(bytes.toString('utf8').split('\n', 1)[0] ?? ''),
  );
  return [...requested, ...stored, ...files, ...sentry, ...loki, ...otlp];
}

const needles = ({ launched }: Watched): Canaries => ({
  ...launched.canaries,
  'value in the cloud': CLOUD,
  'secret in an address': ADDRESS,
});

test('nothing of a launch is in any request, store, file or log of a demo run', async ({
  context,
  watched,
}) => {
  const { app, launched } = watched;
  await prepare(context, watched);
  const page = await context.newPage();
  await page.goto(`${app}/${launched.hash}`);

  // The one place where a launch belongs.
  await page.waitForFunction(() => 'Telegram' in window);
  const status = await page.evaluate(async () => {
    const { initData } = (window as unknown as { Telegram: { WebApp: { initData: string } } }).Telegram
      .WebApp;
    return (await fetch('/api/session', { method: 'POST', body: JSON.stringify({ initData }) })).status;
  });
  expect(status).toBe(200);

  await blunder(page, launched.hash);
  await page.getByTestId('game-type-kolkhoz').click();
  await page.getByTestId('start-game').click();
  await page.getByTestId('ball-1').click();
  await expect.poll(() => errorsOf(watched)).toBeGreaterThanOrEqual(4);
  const early = await readStorage(page);

  // As the web client reloads: a new document, with the launch in its address once more.
  await page.goto('about:blank');
  await page.goto(`${app}/broken${launched.hash}`);
  await page.getByTestId('break-it').click();
  await expect(page.getByTestId('boundary-fallback')).toBeVisible();
  await blunder(page, launched.hash);
  await expect.poll(() => errorsOf(watched)).toBeGreaterThanOrEqual(9);
  await expect.poll(() => textOf(watched.sent().sentry).includes('replay_recording')).toBe(true);

  // Closed within a window, and opened again: what was left goes out from the device.
  await page.evaluate(() => console.error('closing', location.href));
  await page.close();
  const again = await context.newPage();
  await again.goto(`${app}/history${launched.hash}`);
  await blunder(again, launched.hash);
  await expect.poll(() => errorsOf(watched)).toBeGreaterThanOrEqual(13);
  await expect.poll(() => textOf(watched.sent().loki)).toContain('no player');
  await again.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await again.waitForTimeout(3_000);
  const late = await readStorage(again);

  const caught = await everything(watched, [...early, ...late]);
  const text = textOf(caught);
  // The scan saw what it should see, or it would find nothing for that alone.
  for (const seen of [
    'The cue broke',
    'Request failed with status code 401',
    'InvalidLaunchParamsError',
    '[Filtered]',
  ])
    expect(text, seen).toContain(seen);
  const { sentry, otlp } = watched.sent();
  expect(textOf(sentry)).toMatch(/"type":4,"data":\{"href":/);
  expect(textOf(sentry)).toContain('"type":"event"');
  expect(textOf(otlp)).toContain('The cue broke');
  expect(late.map(({ place }) => place).join()).toMatch(/IndexedDB/);
  expect(caught.filter(({ place }) => place === 'log of the gateway')[0]?.bytes.length).toBeGreaterThan(
    1_000,
  );
  expect(watched.requested.filter(({ place }) => place === 'POST /api/session')).not.toHaveLength(0);

  expect(scan(caught, needles(watched))).toEqual([]);
});

test('the client lets nothing of a launch through where nobody has taken it out of the address', async ({
  context,
  watched,
}) => {
  const { app, launched } = watched;
  watched.watch(context);
  const scripts = await bundlePage({
    entryPoints: [fileURLToPath(new URL('privacy/unstripped.ts', import.meta.url))],
    format: 'iife',
  });
  const html =
    '<!doctype html><meta charset="utf-8"><title>Unstripped</title><script src="/unstripped.js"></script>';
  await context.route(`${app}/unstripped`, (route) =>
    route.fulfill({ contentType: 'text/html', body: html }),
  );
  await context.route(`${app}/unstripped.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: scripts['/unstripped.js'] ?? '' }),
  );
  const page = await context.newPage();
  await page.goto(`${app}/unstripped${launched.hash}`);
  await blunder(page, launched.hash);
  await page.evaluate((hash) => {
    const { telemetry, location } = window as unknown as Window & { telemetry: Telemetry };
    const { Telegram } = window as unknown as {
      Telegram: { WebApp: { initData: string; initDataUnsafe: object } };
    };
    const { initData, initDataUnsafe } = Telegram.WebApp;
    telemetry.trackUserAction('open', { href: location.href, ...initDataUnsafe });
    telemetry.trackPageLoad(location.href, 12);
    telemetry.trackApiCall(`/api/x${hash}`, 'GET', 5, 200);
    telemetry.trackApiCall(location.href, 'GET', 5, 200);
    telemetry.trackGameEvent('start', 'kolkhoz', initData);
    telemetry.trackError(new Error(`at ${location.href}`), { initDataUnsafe, launch: hash });
    telemetry.count('shots', { who: initData.slice(0, 200), where: location.href });
    telemetry.log.warn(`launched by ${decodeURIComponent(initData)}`, {
      initDataUnsafe,
      nested: { initData },
    });
    telemetry.startSpan(`open ${location.href}`, { url: location.href, launch: initDataUnsafe }).end();
    // Filtered as a whole, it names nobody.
    telemetry.setUser(initData);
    telemetry.log.info('after a wrong user');
    // What came before was nobody's, and goes without the session of the user who is named now.
    telemetry.setUser('player-1');
    telemetry.log.info('after a right user');
  }, launched.hash);
  const early = await readStorage(page);
  await page.evaluate(() => (window as unknown as { telemetry: Telemetry }).telemetry.flush());
  await expect.poll(() => textOf(watched.sent().loki)).toContain('launched by');
  await expect.poll(() => textOf(watched.sent().loki)).toContain('after a wrong user');
  await expect.poll(() => textOf(watched.sent().loki)).toContain('after a right user');
  await expect.poll(() => textOf(watched.sent().otlp)).toContain('open http');
  const caught = await everything(watched, [...early, ...(await readStorage(page))]);
  expect(textOf(caught)).toContain('"tier":"session"');
  // Once at the start, and once more after setUser where that came later.
  expect(watched.requested.filter(({ place }) => place === 'POST /api/session')).not.toHaveLength(0);
  expect(scan(caught, needles(watched))).toEqual([]);
});
