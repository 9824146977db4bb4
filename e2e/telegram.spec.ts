import { join } from 'node:path';
import { startOwnChromium } from '@artel/test-support/browsers/chromium';
import type { Page } from '@playwright/test';
import { installBridge, say, setVisible } from './telegram/fakeBridge';
import { expect, type Lab, test } from './telegram/lab';
import { launchHash, launchOf, secretsOf } from './telegram/launchHash';

interface WithTelegram {
  readonly Telegram?: { readonly WebApp?: { readonly initData: string; enableClosingConfirmation(): void } };
}

const initData = (page: Page) => page.evaluate(() => (window as WithTelegram).Telegram?.WebApp?.initData);

/** What reached the app's console or its error handlers, but for what telegram-web-app.js prints by itself. */
function listen(page: Page): readonly string[] {
  const heard: string[] = [];
  page.on('console', (line) => {
    if (!line.text().startsWith('[Telegram.')) heard.push(line.text());
  });
  page.on('pageerror', (error) => heard.push(String(error)));
  return heard;
}

/** The fields of the log line that the page is made to write now, as the gateway was sent them. */
async function contextOf(lab: Lab, page: Page) {
  await page.evaluate(() => {
    window.telemetry.log.info('where am I');
    return window.telemetry.flush();
  });
  const lines = () =>
    lab.batches().flatMap(({ logs = [] }) => logs.filter(({ message }) => message === 'where am I'));
  await expect.poll(lines).not.toEqual([]);
  const { page: _, ...fields } = lines().at(-1)?.fields ?? {};
  return fields;
}

interface RecordedElement {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly childNodes: readonly unknown[];
}

/** Every element that a recording holds, wherever in its events it is. */
function* elements(part: unknown): Generator<RecordedElement> {
  if (typeof part !== 'object' || part === null) return;
  if ('tagName' in part && 'attributes' in part) yield part as unknown as RecordedElement;
  for (const inner of Object.values(part)) yield* elements(inner);
}

function tap(page: Page, n = 1): Promise<void> {
  return page.evaluate((taps) => {
    for (let i = 0; i < taps; i++) window.telemetry.trackUserAction('tap');
  }, n);
}

test.describe('the launch parameters', () => {
  test('are gone as soon as telegram() is called, with the rest of the address and the history as they were', async ({
    lab,
    page,
  }) => {
    const launch = launchOf();
    await page.goto('about:blank');
    await page.goto(
      `${lab.address('script', '/room?side=left', { tab: '1', tgWebAppStartParam: 'ref' })}&${launchHash(launch)}`,
    );
    const bare = `${lab.site.url}/?sdk=script&tab=1#/room?side=left`;
    expect(await page.evaluate(() => window.atStart)).toEqual({ href: bare, entries: 2 });
    expect(page.url()).toBe(bare);
    expect(await initData(page)).toBe(launch);

    await page.reload();
    expect(page.url()).toBe(bare);
    expect(await initData(page)).toBe(launch);
    await expect.poll(lab.signIns).toBe(2);

    // Telegram's web client A puts the fragment back as it reloads its frame.
    await page.evaluate((hash) => {
      history.replaceState(null, '', `#${hash}`);
      location.reload();
    }, launchHash(launch));
    await page.waitForFunction(() => window.atStart && !location.hash.includes('tgWebApp'));
    expect(await page.evaluate(() => window.atStart.href)).not.toContain('tgWebApp');
    await expect.poll(lab.signIns).toBe(3);
  });
});

test.describe('the client', () => {
  const told = {
    platform: 'ios',
    telegram_version: '9.1',
    color_scheme: 'dark',
    fullscreen: false,
    active: true,
  };

  test('gets along with telegram-web-app.js, and signs its player in', async ({ lab, page }) => {
    const heard = listen(page);
    await installBridge(page);
    await page.goto(lab.address('script', launchHash(launchOf())));
    await expect.poll(lab.signIns).toBe(1);
    expect(await contextOf(lab, page)).toEqual(told);
    await say(page, 'fullscreen_changed', { is_fullscreen: true });
    await setVisible(page, false);
    expect(await contextOf(lab, page)).toMatchObject({ fullscreen: true, active: false });
    const { user, token } = lab.batches().at(-1) ?? {};
    expect(user).toMatch(/^[\da-f]{32}$/);
    expect(token).toBeTruthy();
    expect(lab.batches().every(({ status }) => status === 202)).toBe(true);
    expect(heard).toEqual([]);
  });

  test('gets along with tma.js alone', async ({ lab, page }) => {
    const heard = listen(page);
    const launch = launchOf();
    await page.addInitScript((params) => {
      // Its own way to stand in for Telegram; the parameters lie where it keeps them, not in the address.
      const start = () => {
        const { tapps } = window as unknown as {
          readonly tapps?: {
            readonly bridge: {
              mockTelegramEnv(options: object): void;
              on(event: string, run: () => void): void;
            };
          };
        };
        tapps?.bridge.mockTelegramEnv({
          launchParams: params,
          onEvent: ({ name }: { readonly name: string }) => window.posted.push([name, '']),
        });
        tapps?.bridge.on('visibility_changed', () => {});
      };
      window.posted = [];
      document.addEventListener('load', start, { capture: true, once: true });
    }, launchHash(launch));
    await page.goto(lab.address('tma', ''));
    await expect.poll(lab.signIns).toBe(1);
    expect(await contextOf(lab, page)).toEqual(told);
    await say(page, 'fullscreen_changed', { is_fullscreen: true });
    await say(page, 'visibility_changed', { is_visible: false });
    expect(await contextOf(lab, page)).toMatchObject({ fullscreen: true, active: false });
    await page.evaluate(() => window.telemetry.flushAndClose());
    expect(await page.evaluate(() => window.posted.map(([name]) => name))).toContain('web_app_close');
    expect(heard).toEqual([]);
  });

  test('gets along without Telegram', async ({ lab, page }) => {
    const heard = listen(page);
    await page.goto(lab.address('none', ''));
    expect(await contextOf(lab, page)).toEqual({ platform: 'browser', fullscreen: false, active: true });
    await page.evaluate(() => window.telemetry.flushAndClose());
    expect(lab.batches().at(-1)).not.toHaveProperty('token');
    expect(lab.site.exchanges.some(({ path }) => path === '/api/session')).toBe(false);
    expect(heard).toEqual([]);
  });

  test('gets along with a client of version 6.0', async ({ lab, page }) => {
    const heard = listen(page);
    await installBridge(page);
    await page.addInitScript(() => {
      Object.assign(window, { Telegram: { WebApp: { platform: 'android', version: '6.0', initData: '' } } });
    });
    await page.goto(lab.address('none', launchHash(launchOf(), { platform: 'android', version: '6.0' })));
    await expect.poll(lab.signIns).toBe(1);
    expect(await contextOf(lab, page)).toMatchObject({ platform: 'android', telegram_version: '6.0' });
    expect(heard).toEqual([]);
  });

  test('gets along with a bridge of which everything throws', async ({ lab, page }) => {
    const heard = listen(page);
    await installBridge(page, { throws: true });
    await page.addInitScript(() => {
      const refuse = () => {
        throw new Error('WebAppMethodUnsupported');
      };
      const WebApp = new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse });
      Object.assign(window, { Telegram: Object.defineProperty({}, 'WebApp', { get: () => WebApp }) });
    });
    await page.goto(lab.address('none', launchHash(launchOf(), { platform: 'nokia' })));
    await expect.poll(lab.signIns).toBe(1);
    expect(await contextOf(lab, page)).toMatchObject({ platform: 'other' });
    await tap(page);
    await page.evaluate(() => window.telemetry.flushAndClose());
    await expect.poll(() => lab.counted('user_action_total', { action: 'tap' })).toBe(1);
    await page.evaluate(() => window.telemetry.shutdown());
    expect(heard).toEqual([]);
  });

  test('notes heights that stay, and none that pass while a finger drags', async ({ lab, page }) => {
    await installBridge(page);
    await page.goto(lab.address('script', launchHash(launchOf())));
    await page.waitForFunction(() => window.telemetry);
    for (let height = 500; height < 560; height++) {
      await say(page, 'viewport_changed', { height, is_expanded: false, is_state_stable: false });
    }
    await say(page, 'viewport_changed', { height: 560, is_expanded: true, is_state_stable: true });
    await contextOf(lab, page);
    const lines = lab
      .batches()
      .flatMap(({ logs = [] }) => logs)
      .filter(({ message }) => message === 'Viewport changed');
    expect(lines.map(({ fields }) => fields?.['height'])).toEqual([560]);
  });
});

/** Resolves once the page has been idle, and whatever waited for that has run. */
async function idle(page: Page): Promise<void> {
  for (let time = 0; time < 2; time++)
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          let isIdle = false;
          requestIdleCallback(() => {
            isIdle = true;
          });
          // Chromium is idle only between frames, and nothing on this page asks for one.
          const frame = () => (isIdle ? resolve() : requestAnimationFrame(frame));
          frame();
        }),
    );
}

test.describe('being put aside', () => {
  test('sends at once though the document stays visible, and counts once whatever else fires', async ({
    lab,
    page,
  }) => {
    await installBridge(page);
    await page.goto(lab.address('script', launchHash(launchOf())));
    await expect.poll(lab.signIns).toBe(1);
    await page.evaluate(() => window.telemetry.flush());
    const before = lab.batches().length;

    // In one task with the event: what is sent before it ends did not wait for the window's five seconds.
    const sealed = await page.evaluate(() => {
      window.telemetry.trackUserAction('tap');
      const { TelegramGameProxy } = window as unknown as {
        readonly TelegramGameProxy: { receiveEvent(event: string, data: unknown): void };
      };
      TelegramGameProxy.receiveEvent('visibility_changed', { is_visible: false });
      return { visible: document.visibilityState, batches: window.telemetry.stats().outbox.batches };
    });
    expect(sealed).toEqual({ visible: 'visible', batches: 1 });
    await expect
      .poll(() => lab.counted('user_action_total', { action: 'tap' }), { intervals: [50], timeout: 4_000 })
      .toBe(1);
    expect(lab.batches().length).toBeGreaterThan(before);

    await setVisible(page, true);
    await page.evaluate(() => {
      for (let i = 0; i < 7; i++) window.telemetry.trackUserAction('tap');
      const { TelegramGameProxy } = window as unknown as {
        readonly TelegramGameProxy: { receiveEvent(event: string, data: unknown): void };
      };
      let state: DocumentVisibilityState = 'hidden';
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      for (let i = 0; i < 3; i++) {
        TelegramGameProxy.receiveEvent('visibility_changed', { is_visible: false });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
        window.dispatchEvent(new Event('pagehide'));
      }
      state = 'visible';
      window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    });
    await setVisible(page, true);
    await tap(page, 2);
    await page.evaluate(() => window.telemetry.flush());
    await expect.poll(() => lab.counted('user_action_total', { action: 'tap' })).toBe(10);
    await expect.poll(() => page.evaluate(() => window.telemetry.stats().pending)).toBe(0);
    expect(await lab.counted('user_action_total', { action: 'tap' })).toBe(10);
  });

  test('makes the web vitals final, once, under the platform’s name', async ({ lab, page }) => {
    await installBridge(page);
    await page.goto(lab.address('script', launchHash(launchOf())));
    await page.evaluate(() => {
      const observer = new PerformanceObserver((list) => {
        if (list.getEntries().some(({ name }) => name === 'click'))
          Object.assign(window, { isReported: true });
      });
      observer.observe({ type: 'event' });
      // A tap that takes its time to be painted, and a table that moves under the finger.
      document.getElementById('cue')?.addEventListener('click', () => {
        const end = performance.now() + 120;
        while (performance.now() < end);
      });
    });
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    await idle(page);
    await page.locator('#cue').click();
    // The browser reports the tap after the next paint; the client reads the report when the page is idle.
    await page.waitForFunction(() => (window as { isReported?: boolean }).isReported);
    await idle(page);
    await setVisible(page, false);
    const labels = { platform: 'ios', page: '/' };
    for (const vital of ['lcp_ms', 'inp_ms', 'cls', 'fcp_ms', 'ttfb_ms']) {
      await expect.poll(() => lab.counted(`web_vital_${vital}_count`, labels), { message: vital }).toBe(1);
    }
    expect(await page.evaluate(() => document.visibilityState)).toBe('visible');
    await setVisible(page, true);
    await setVisible(page, false);
    await page.goto('about:blank');
    await page.goto(lab.address('none', ''));
    await page.evaluate(() => window.telemetry.flush());
    for (const vital of ['lcp_ms', 'inp_ms', 'cls']) {
      expect(await lab.counted(`web_vital_${vital}_count`, labels), vital).toBe(1);
    }
  });

  test('makes them final anew after a return from the back/forward cache', async ({ lab }) => {
    const browser = await startOwnChromium(join(lab.folder, 'profile'));
    const page = await browser.context.newPage();
    await page.goto(lab.address('none', ''));
    await page.evaluate(() => {
      window.addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }));
      return new Promise<void>((resolve) => {
        const painted = new PerformanceObserver(() => resolve());
        painted.observe({ type: 'largest-contentful-paint', buffered: true });
      });
    });
    await idle(page);
    await page.goto('about:blank');
    await expect.poll(() => lab.counted('web_vital_lcp_ms_count')).toBe(1);
    await page.goBack({ waitUntil: 'commit' });
    await page.waitForFunction(() => (window as { persisted?: boolean }).persisted);
    // After a return it is the second frame that counts.
    for (let frame = 0; frame < 4; frame++)
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    await page.goto('about:blank');
    await expect.poll(() => lab.counted('web_vital_lcp_ms_count')).toBe(2);
    await browser.kill();
  });
});

test.describe('two players on one device', () => {
  test('never send under each other’s session', async ({ lab, page }) => {
    const [alice, bob] = [launchOf(7_000_001), launchOf(7_000_002)];
    const open = async (launch: string) => {
      await page.goto('about:blank');
      await page.goto(lab.address('none', launchHash(launch)));
    };
    await open(alice);
    await expect.poll(lab.signIns).toBe(1);
    await tap(page);
    await page.evaluate(() => window.telemetry.flush());
    await expect.poll(() => lab.batches().filter(({ status }) => status === 202).length).toBeGreaterThan(0);
    const { user: aliceName } = lab.batches().at(-1) ?? {};
    expect(aliceName).toBeTruthy();
    lab.site.failNext(...Array.from({ length: 40 }, () => ({ kind: 'unavailable' }) as const));
    await page.evaluate(() => {
      for (let i = 0; i < 5; i++) window.telemetry.trackUserAction('shot_of_alice');
      return window.telemetry.flush();
    });
    await open('');
    await page.goto('about:blank');
    lab.site.heal();
    const before = lab.batches().length;

    await open(bob);
    await expect.poll(lab.signIns).toBe(2);
    await page.evaluate(() => window.telemetry.trackUserAction('shot_of_bob'));
    await page.evaluate(() => window.telemetry.flush());
    await expect.poll(() => lab.counted('user_action_total', { action: 'shot_of_bob' })).toBe(1);
    // Long enough for what earlier pages left to have gone, if it went.
    await page.waitForTimeout(3_000);
    const ofBob = lab.batches().slice(before);
    const bobsToken = ofBob.find(({ user }) => user && user !== aliceName)?.token;
    expect(bobsToken).toBeTruthy();
    for (const { token, user, metrics } of ofBob) {
      if (token !== bobsToken) continue;
      expect(user).not.toBe(aliceName);
      expect(JSON.stringify(metrics)).not.toContain('shot_of_alice');
    }

    await open(alice);
    await expect.poll(() => lab.counted('user_action_total', { action: 'shot_of_alice' })).toBe(5);
    const late = lab.batches().filter(({ metrics }) => JSON.stringify(metrics).includes('shot_of_alice'));
    expect(late.filter(({ token }) => token === bobsToken)).toEqual([]);
  });
});

test.describe('closing', () => {
  const closings = (page: Page) =>
    page.evaluate(() => window.posted.filter(([name]) => /close|closing/.test(name)).map(([name]) => name));

  test('comes after what was left is delivered, and leaves the closing confirmation alone', async ({
    lab,
    page,
  }) => {
    await installBridge(page);
    await page.goto(lab.address('script', launchHash(launchOf())));
    await page.evaluate(() => (window as WithTelegram).Telegram?.WebApp?.enableClosingConfirmation());
    expect(await closings(page)).toEqual(['web_app_setup_closing_behavior']);
    await tap(page, 3);
    await expect.poll(lab.signIns).toBe(1);
    const { left, waited } = await page.evaluate(async () => {
      const began = performance.now();
      let left = -1;
      const { postEvent } = window.TelegramWebviewProxy ?? {};
      window.TelegramWebviewProxy = {
        postEvent(event, data) {
          if (event === 'web_app_close') left = window.telemetry.stats().pending;
          postEvent?.(event, data);
        },
      };
      await window.telemetry.flushAndClose();
      return { left, waited: performance.now() - began };
    });
    expect(await closings(page)).toEqual(['web_app_setup_closing_behavior', 'web_app_close']);
    // A busy machine may take longer than the client waits.
    expect(left === 0 || waited >= 299, `${left} left after ${waited} ms`).toBe(true);
    await expect.poll(() => lab.counted('user_action_total', { action: 'tap' })).toBe(3);
  });

  test('waits no longer than 300 ms for a gateway that does not answer', async ({ lab, page }) => {
    await installBridge(page);
    await page.goto(lab.address('script', launchHash(launchOf())));
    await expect.poll(lab.signIns).toBe(1);
    await page.evaluate(() => window.telemetry.flush());
    await page.route('**/api/metrics', () => {});
    await tap(page);
    await page.evaluate(() => window.telemetry.flushAndClose());
    expect(await closings(page)).toEqual(['web_app_close']);
    expect(await page.evaluate(() => window.telemetry.stats().pending)).toBeGreaterThan(0);
  });
});

test.describe('eruda', () => {
  test('loaded after us and unloaded again, breaks nothing and is in no replay', async ({ lab, page }) => {
    await page.goto(lab.address('none', '', { sentry: lab.sentry.dsn }));
    const replayRuns = () => lab.sentry.recorded.some(({ type }) => type === 2);
    await page.evaluate(async () => {
      const script = Object.assign(document.createElement('script'), { src: '/eruda.js' });
      const loaded = new Promise((resolve) => script.addEventListener('load', resolve));
      document.head.append(script);
      await loaded;
      const { eruda } = window as unknown as { readonly eruda: { init(): void; show(): void } };
      eruda.init();
      eruda.show();
      localStorage.setItem('canary', 'CANARYSTORED');
      await fetch('/api/games/1');
    });
    await expect(page.locator('#eruda')).toBeAttached();
    await expect.poll(replayRuns).toBe(true);
    await page.evaluate(async () => {
      const { eruda } = window as unknown as { readonly eruda: { destroy(): void } };
      eruda.destroy();
      await fetch('/api/games/2');
      await window.telemetry.flush();
    });
    const calls = { endpoint: '/api/games/:id' };
    await expect.poll(() => lab.counted('api_request_duration_ms_count', calls)).toBe(2);
    await page.evaluate(() => window.captureGameError(new Error('the cue broke')));
    await expect.poll(() => lab.sentry.items.some(({ type }) => type === 'event')).toBe(true);
    await page.goto('about:blank');
    const partsOfPanel = () =>
      [...elements(lab.sentry.recorded)].filter(({ attributes }) =>
        /eruda-|luna-/.test(String(attributes['class'])),
      );
    await expect.poll(() => partsOfPanel().length).toBeGreaterThan(0);
    await page.waitForTimeout(500);
    const panel = partsOfPanel();
    // A blocked element is an empty box of its size.
    for (const { attributes, childNodes } of panel) {
      expect(attributes).toHaveProperty('rr_width');
      expect(childNodes).toEqual([]);
    }
    expect(lab.sentry.raw).not.toContain('CANARYSTORED');
  });
});

test('leaves nothing of a launch in any event, replay or storage', async ({ lab, page }) => {
  const launch = launchOf();
  await installBridge(page);
  await page.goto(lab.address('script', launchHash(launch), { sentry: lab.sentry.dsn }));
  await expect.poll(lab.signIns).toBe(1);
  await expect.poll(() => lab.sentry.recorded.some(({ type }) => type === 2)).toBe(true);
  await page.evaluate(() => history.pushState(null, '', '#/room/7'));
  for (const [event, data] of [
    ['qr_text_received', { data: 'CANARYQR' }],
    ['clipboard_text_received', { req_id: '1', data: 'CANARYCLIP' }],
    ['phone_requested', { status: 'sent', response: 'CANARYPHONE' }],
    ['invoice_closed', { slug: 'CANARYSLUG', status: 'paid' }],
    ['custom_method_invoked', { req_id: '1', result: 'CANARYCLOUD' }],
  ] as const) {
    await say(page, event, data);
  }
  await page.evaluate(() => {
    window.captureGameError(new Error('the cue broke'));
    window.telemetry.trackError(new TypeError('another one'));
    return window.telemetry.flush();
  });
  await setVisible(page, false);
  await expect.poll(() => lab.sentry.items.some(({ type }) => type === 'event')).toBe(true);
  await page.goto('about:blank');
  const { recorded, items } = lab.sentry;
  const isThere = () => ({
    metas: recorded.some(({ type }) => type === 4),
    frames: recorded.some(({ type }) => type === 5),
    replays: items.some(({ type }) => type === 'replay_event'),
    spans: items.some(({ type }) => type === 'span'),
  });
  await expect.poll(isThere).toEqual({ metas: true, frames: true, replays: true, spans: true });
  await page.waitForTimeout(1_000);
  const traffic = lab.traffic();
  for (const secret of secretsOf(launch)) expect(traffic, secret).not.toContain(secret);
  expect(traffic).not.toMatch(/CANARY[A-Z]/);
  expect(traffic).not.toContain('[Telegram.WebView]');
  expect(traffic).not.toContain('Canary Player');
  const events = lab.sentry.items.filter(({ type }) => type === 'event').map(({ payload }) => payload);
  expect(events[0]?.['user']).toEqual({ id: expect.stringMatching(/^[\da-f]{32}$/) });
});

test('leaves nothing of a launch in our events where the address keeps it, and comes back with it', async ({
  lab,
  page,
}) => {
  const launch = launchOf();
  await page.goto(lab.address('script', launchHash(launch), { strip: 'no' }));
  await page.reload();
  expect(page.url()).toContain('tgWebAppData');
  await page.evaluate(async (raw) => {
    const { telemetry } = window;
    telemetry.trackError(new Error(`cannot read ${location.href}`));
    telemetry.trackUserAction('shared', { url: location.href, launch: raw, state: { initData: raw } });
    telemetry.log.error(`LaunchParamsRetrieveError: ${location.hash}`, { hash: location.hash });
    telemetry.startSpan(`GET ${location.href}`, { url: location.href, authorization: `tma ${raw}` }).end();
    telemetry.setPage(location.href);
    telemetry.trackUserAction('named');
    await fetch(`/api/games/7${location.hash.replace('#', '?')}`).catch(() => undefined);
    void Promise.reject(new TypeError(`Failed to fetch ${location.href}`));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await telemetry.flush();
  }, launch);
  await expect.poll(() => lab.counted('user_action_total', { action: 'named' })).toBe(1);
  const sent = JSON.stringify(lab.batches());
  for (const secret of secretsOf(launch)) expect(sent, secret).not.toContain(secret);
});

test('violates no strict policy of content security', async ({ lab, page }) => {
  const violations: string[] = [];
  await page.exposeFunction('violated', (what: string) => violations.push(what));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
      const { violated } = window as unknown as { violated(what: string): void };
      violated(`${violatedDirective} ${blockedURI} ${sourceFile}`);
    });
  });
  await installBridge(page);
  const response = await page.goto(
    lab.address('script', launchHash(launchOf()), { sentry: lab.sentry.dsn, csp: '1' }),
  );
  expect(response?.headers()['content-security-policy']).toContain(
    'frame-ancestors https://web.telegram.org',
  );
  expect(response?.headers()).not.toHaveProperty('x-frame-options');
  await expect.poll(lab.signIns).toBe(1);
  await expect.poll(() => lab.sentry.recorded.length).toBeGreaterThan(0);
  await page.locator('#cue').click();
  await tap(page);
  await setVisible(page, false);
  await page.evaluate(() => window.telemetry.flushAndClose());
  await expect.poll(() => lab.counted('user_action_total', { action: 'tap' })).toBe(1);
  expect(violations).toEqual([]);
});
