import { describe, expect, it, vi } from 'vitest';
import { createTelemetry } from '../../createTelemetry';
import type { TelemetryOptions } from '../../telemetry';
import { createFakeDevice, type FakePage } from '../../testing/fakeDevice';
import { createFakeGateway } from '../../testing/fakeGateway';
import { type TelegramOptions, telegram } from './telegram';

const ALICE = 'user=alice&hash=aa';
const BOB = 'user=bob&hash=bb';

/** A gateway that knows two players, and a device on which they open the app one after the other. */
function setUp() {
  const gateway = createFakeGateway();
  gateway.players.set(ALICE, 'alice').set(BOB, 'bob');
  const device = createFakeDevice(gateway);
  const open = (webApp?: object, more: Partial<TelemetryOptions> = {}, options?: TelegramOptions) => {
    const page = device.openPage();
    Object.assign(page.window, webApp && { Telegram: { WebApp: webApp } });
    const telemetry = createTelemetry({
      endpoint: '/api/metrics',
      app: 'billiards',
      debug: true,
      environment: page.environment,
      integrations: [telegram(options)],
      ...more,
    });
    return { page, telemetry };
  };
  return { gateway, device, open };
}

const say = (page: FakePage, eventType: string, eventData: unknown, source: unknown = page.window) =>
  page.window.dispatchEvent(
    Object.assign(new Event('message'), { data: JSON.stringify({ eventType, eventData }), source }),
  );

describe('signing in', () => {
  it('exchanges initData once, names the player by its pseudonym, and sends with the token', async () => {
    const { gateway, open } = setUp();
    const onUser = vi.fn();
    const { page, telemetry } = open({ initData: ALICE }, { onUser });
    telemetry.trackUserAction('before');
    await page.advance(1_000);
    telemetry.trackUserAction('after');
    await page.advance(60_000);
    telemetry.trackUserAction('later');
    await page.advance(6_000);
    expect(gateway.signIns).toBe(1);
    expect(onUser).toHaveBeenCalledExactlyOnceWith('alice');
    expect(gateway.batches.map(({ token, user }) => [token, user])).toEqual([
      ['token 1 of alice', 'alice'],
      ['token 1 of alice', 'alice'],
    ]);
    expect(JSON.stringify(gateway.batches)).not.toContain('hash=aa');
    expect(page.warnings).toEqual([]);
  });

  it('sends with the token what was sealed before the answer came', async () => {
    const { gateway, open } = setUp();
    gateway.signInFaults.push('unreachable');
    const { page, telemetry } = open({ initData: ALICE });
    gateway.outage = 'unreachable';
    telemetry.trackUserAction('early');
    await page.advance(40_000);
    gateway.outage = undefined;
    await page.advance(60_000);
    expect(gateway.batches).toMatchObject([{ token: 'token 2 of alice' }]);
    expect(gateway.batches[0]).not.toHaveProperty('user');
  });

  it('renews the token before it expires, and keeps the old one while it cannot', async () => {
    const { gateway, open } = setUp();
    const { page, telemetry } = open({ initData: ALICE });
    await page.advance(1_000);
    await page.advance(3_545_000);
    gateway.signInFaults.push('unreachable');
    telemetry.trackUserAction('a');
    await page.advance(6_000);
    expect(gateway.batches.at(-1)?.token).toBe('token 1 of alice');
    await page.advance(31_000);
    telemetry.trackUserAction('b');
    await page.advance(6_000);
    expect(gateway.batches.at(-1)?.token).toBe('token 3 of alice');
    expect(gateway.signIns).toBe(3);
  });

  it('signs in again when the gateway no longer takes the token', async () => {
    const { gateway, open } = setUp();
    const { page, telemetry } = open({ initData: ALICE });
    await page.advance(1_000);
    gateway.faults.push({ status: 401 });
    telemetry.trackUserAction('a');
    await page.advance(6_000);
    expect(gateway.batches).toMatchObject([{ token: 'token 2 of alice' }]);
    expect(telemetry.stats().dropped).toEqual({});
  });

  it.each([
    ['there is no initData', '', 0, []],
    ['there is no bot', ALICE, 1, [{ status: 404 }]],
    ['the launch is refused', 'user=mallory', 1, []],
    ['the exchange fails', ALICE, 1, ['unreachable']],
    ['the exchange hangs', ALICE, 1, ['hangs']],
  ] as const)('leaves the player anonymous where %s', async (_, initData, signIns, faults) => {
    const { gateway, open } = setUp();
    gateway.signInFaults.push(...faults);
    const { page, telemetry } = open({ initData });
    telemetry.trackUserAction('a');
    await page.advance(25_000);
    expect(gateway.signIns).toBe(signIns);
    expect(gateway.batches).toHaveLength(1);
    expect(gateway.batches[0]).not.toHaveProperty('token');
    expect(gateway.batches[0]).not.toHaveProperty('user');
    expect(telemetry.stats()).toMatchObject({ acknowledged: 1, dropped: {} });
  });

  it('asks again half a minute after trouble, and only after an hour when it was refused', async () => {
    const { gateway, open } = setUp();
    const asked = async (status: number, ms: number) => {
      gateway.signIns = 0;
      gateway.signInFaults.push({ status });
      const { page, telemetry } = open({ initData: ALICE });
      for (let passed = 0; passed < ms; passed += 10_000) {
        telemetry.trackUserAction('a');
        await page.advance(10_000);
      }
      page.kill();
      return gateway.signIns;
    };
    expect(await asked(503, 50_000)).toBe(2);
    expect(await asked(401, 600_000)).toBe(1);
    expect(await asked(404, 3_700_000)).toBe(2);
  });

  it('does not ask before there is consent, nor where it is told not to', async () => {
    const { gateway, open } = setUp();
    const { page, telemetry } = open({ initData: ALICE }, { consent: 'pending' });
    telemetry.trackUserAction('a');
    await page.advance(10_000);
    expect(gateway.signIns).toBe(0);
    telemetry.setConsent(true);
    await page.advance(10_000);
    expect(gateway.signIns).toBe(1);
    const without = open({ initData: ALICE }, {}, { session: false });
    without.telemetry.trackUserAction('a');
    await without.page.advance(10_000);
    expect(gateway.signIns).toBe(1);
  });

  it('yields to the user whom the app names', async () => {
    const { gateway, open } = setUp();
    const { page, telemetry } = open({ initData: ALICE });
    telemetry.setUser('own-id');
    telemetry.trackUserAction('a');
    await page.advance(6_000);
    expect(gateway.batches).toMatchObject([{ user: 'own-id' }]);
  });
});

describe('two players on one device', () => {
  it('never send under each other’s session, and each one’s events arrive under their own', async () => {
    const { gateway, open } = setUp();
    gateway.outage = 'unreachable';
    const first = open({ initData: ALICE });
    await first.page.advance(1_000);
    for (let i = 0; i < 3; i++) first.telemetry.trackGameEvent('ball_potted', 'kolkhoz', `alice ${i}`);
    await first.page.advance(10_000);
    first.page.hide();
    first.page.kill();
    gateway.outage = undefined;

    const second = open({ initData: BOB });
    second.telemetry.trackGameEvent('ball_potted', 'kolkhoz', 'bob');
    await second.page.advance(60_000);
    expect(gateway.batches.map(({ token, user }) => [token, user])).toEqual([['token 2 of bob', 'bob']]);
    expect(JSON.stringify(gateway.batches)).not.toContain('alice');
    second.page.hide();
    second.page.kill();

    const third = open({ initData: ALICE });
    await third.page.advance(60_000);
    const late = gateway.batches.slice(1);
    expect(late.every(({ token, user }) => token === 'token 3 of alice' && user === 'alice')).toBe(true);
    expect(gateway.total('game_event_total')).toBe(4);
  });

  it('share nothing that was left before it was known whose it is', async () => {
    const { gateway, open } = setUp();
    gateway.outage = 'unreachable';
    gateway.signInFaults.push('unreachable');
    const first = open({ initData: ALICE });
    first.telemetry.trackUserAction('whose');
    await first.page.advance(6_000);
    first.page.kill();
    gateway.outage = undefined;
    const second = open({ initData: BOB });
    await second.page.advance(60_000);
    expect(gateway.total('user_action_total', { action: 'whose' })).toBe(1);
    expect(gateway.batches[0]).not.toHaveProperty('token');
  });
});

describe('context', () => {
  const contextOf = async (webApp?: object, then: (page: FakePage) => void = () => {}) => {
    const { gateway, open } = setUp();
    const { page, telemetry } = open(webApp);
    then(page);
    telemetry.log.info('a line');
    telemetry.startSpan('a span').end();
    telemetry.observe('web_vital_lcp_ms', 1);
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    const [batch] = gateway.batches;
    expect(batch?.spans?.[0]?.attributes).toEqual({ ...batch?.logs?.[0]?.fields, page: undefined });
    expect(page.warnings).toEqual([]);
    return { fields: batch?.logs?.[0]?.fields, labels: batch?.metrics.map(({ labels }) => labels) };
  };

  it('goes with lines and spans, and the platform with the web vitals alone', async () => {
    const { fields, labels } = await contextOf({
      platform: 'android_x',
      version: '9.1',
      colorScheme: 'dark',
      isFullscreen: true,
      isActive: false,
    });
    expect(fields).toEqual({
      page: '/lobby',
      platform: 'android_x',
      telegram_version: '9.1',
      color_scheme: 'dark',
      fullscreen: true,
      active: false,
    });
    expect(labels).toEqual([
      { page: '/lobby', platform: 'android_x' },
      { action: 'tap', page: '/lobby' },
    ]);
  });

  it('calls other what is not on the list', async () => {
    const { fields, labels } = await contextOf({ platform: 'evil"}1', version: '9.1<script>' });
    expect(fields).toMatchObject({ platform: 'other', telegram_version: 'other' });
    expect(labels?.[0]).toEqual({ page: '/lobby', platform: 'other' });
  });

  it('tells a plain browser, also one with telegram-web-app.js in it', async () => {
    const plain = {
      page: '/lobby',
      platform: 'browser',
      fullscreen: false,
      active: true,
    };
    expect((await contextOf()).fields).toEqual(plain);
    const loaded = await contextOf({ platform: 'unknown', version: '6.0', initData: '' });
    expect(loaded.fields).toEqual(plain);
  });

  it('does without what an old client lacks', async () => {
    const { fields } = await contextOf({ platform: 'ios', version: '6.0' });
    expect(fields).toMatchObject({ platform: 'ios', telegram_version: '6.0', active: true });
  });

  it('outlives a bridge whose every property and verb throws', async () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('WebAppMethodUnsupported');
        },
      },
    );
    expect((await contextOf(hostile)).fields).toMatchObject({ platform: 'browser' });
    const { open } = setUp();
    const { page } = open();
    const environment = Object.defineProperty(page.environment, 'Telegram', {
      get() {
        throw new Error('no');
      },
    });
    const telemetry = createTelemetry({
      endpoint: '/m',
      app: 'a',
      debug: true,
      environment,
      integrations: [telegram()],
    });
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    await telemetry.flushAndClose();
    await telemetry.shutdown();
    expect(page.warnings).toEqual([]);
  });

  it('follows the bare bridge', async () => {
    const { fields } = await contextOf(undefined, (page) => {
      say(page, 'fullscreen_changed', { is_fullscreen: true });
      say(page, 'visibility_changed', { is_visible: false });
      say(page, 'fullscreen_changed', { is_fullscreen: false }, 'a frame inside');
    });
    expect(fields).toMatchObject({ fullscreen: true, active: false });
  });
});

describe('being put aside', () => {
  /** Telegram's script as far as these tests go. */
  const fakeScript = () => {
    const listeners = new Map<string, (event?: object) => void>();
    return {
      listeners,
      onEvent: (name: string, run: () => void) => void listeners.set(name, run),
      offEvent: (name: string) => void listeners.delete(name),
      viewportStableHeight: 700,
    };
  };
  const ways: Readonly<Record<string, (page: FakePage, visible: boolean) => void>> = {
    'a message of the client': (page, is_visible) => void say(page, 'visibility_changed', { is_visible }),
    'what iOS calls': ({ window }, is_visible) =>
      Reflect.get(window, 'TelegramGameProxy').receiveEvent('visibility_changed', { is_visible }),
    'what Android calls': ({ window }, is_visible) =>
      Reflect.get(window, 'Telegram').WebView.receiveEvent('visibility_changed', { is_visible }),
    'a script that was loaded late': ({ window }, visible) => {
      const { WebApp } = Reflect.get(window, 'Telegram');
      WebApp.listeners.get(visible ? 'activated' : 'deactivated')();
    },
  };

  it.each(Object.keys(ways))('sends at once what there is, told by %s', async (way) => {
    const { gateway, device } = setUp();
    const page = device.openPage();
    Object.assign(page.window, { TelegramWebviewProxy: { postEvent() {} } });
    const { environment } = page;
    const telemetry = createTelemetry({
      endpoint: '/m',
      app: 'a',
      environment,
      integrations: [telegram()],
    });
    if (way.includes('late')) {
      Object.assign(page.window, { Telegram: { WebApp: fakeScript() } });
      page.document.dispatchEvent(new Event('load'));
    }
    telemetry.trackUserAction('tap');
    ways[way]?.(page, false);
    await page.advance(0);
    expect(gateway.total('user_action_total')).toBe(1);
    ways[way]?.(page, true);
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(2);
    expect(telemetry.stats()).toMatchObject({ acknowledged: 2, pending: 0 });
  });

  it('leaves alone the functions that an SDK has put there', () => {
    const { device } = setUp();
    const page = device.openPage();
    const receiveEvent = () => {};
    Object.assign(page.window, {
      TelegramWebviewProxy: {},
      TelegramGameProxy: { receiveEvent },
      Telegram: { WebView: { receiveEvent } },
    });
    createTelemetry({ endpoint: '/m', app: 'a', environment: page.environment, integrations: [telegram()] });
    expect(Reflect.get(page.window, 'TelegramGameProxy').receiveEvent).toBe(receiveEvent);
    expect(Reflect.get(page.window, 'Telegram').WebView.receiveEvent).toBe(receiveEvent);
  });

  it('puts nothing into a plain browser', () => {
    const { page } = setUp().open();
    expect(Reflect.get(page.window, 'Telegram')).toBeUndefined();
    expect(Reflect.get(page.window, 'TelegramGameProxy')).toBeUndefined();
  });

  it('hears no more once it is shut down', async () => {
    const { gateway, open } = setUp();
    const script = fakeScript();
    const { page, telemetry } = open(script);
    expect([...script.listeners.keys()].sort()).toEqual(['activated', 'deactivated', 'viewportChanged']);
    await telemetry.shutdown();
    expect(script.listeners.size).toBe(0);
    const { requests } = gateway;
    say(page, 'visibility_changed', { is_visible: false });
    await page.advance(6_000);
    expect(gateway.requests).toBe(requests);
  });

  it('does nothing any more in a function that it gave to a native client, once it is shut down', async () => {
    const { gateway, device } = setUp();
    const page = device.openPage();
    Object.assign(page.window, { TelegramWebviewProxy: {} });
    const { environment } = page;
    const inTelegram = telegram();
    const hide = vi.fn();
    const telemetry = createTelemetry({ endpoint: '/m', app: 'a', environment });
    const undo = inTelegram.setup(telemetry, environment, {
      endpoint: '/m',
      key: undefined,
      fetch: environment.fetch,
      hide,
      show() {},
      token: undefined,
      context: () => ({}),
      close() {},
      lastWords: [],
    });
    const { receiveEvent } = Reflect.get(page.window, 'TelegramGameProxy');
    receiveEvent('visibility_changed', { is_visible: false });
    expect(hide).toHaveBeenCalledOnce();
    undo();
    receiveEvent('visibility_changed', { is_visible: false });
    expect(hide).toHaveBeenCalledOnce();
    expect(gateway.requests).toBe(0);
  });

  it('notes a height that stays, once, and none of those on the way', async () => {
    const { gateway, open } = setUp();
    const script = fakeScript();
    const { page } = open(script);
    const changed = script.listeners.get('viewportChanged');
    for (let i = 0; i < 20; i++) changed?.({ isStateStable: false });
    changed?.({ isStateStable: true });
    for (let height = 600; height < 700; height++) {
      say(page, 'viewport_changed', { height, is_state_stable: false });
    }
    say(page, 'viewport_changed', { height: 700, is_state_stable: true });
    say(page, 'viewport_changed', null);
    await page.advance(6_000);
    expect(gateway.batches.flatMap(({ logs = [] }) => logs)).toMatchObject([
      { level: 'debug', message: 'Viewport changed', fields: { height: 700 } },
    ]);
  });

  it('takes nothing of events that carry the player’s own', async () => {
    const { gateway, open } = setUp();
    const { page, telemetry } = open(fakeScript());
    for (const event of [
      'qr_text_received',
      'clipboard_text_received',
      'phone_requested',
      'invoice_closed',
    ]) {
      say(page, event, { data: 'CANARY', slug: 'CANARY', is_visible: false, is_state_stable: true });
    }
    telemetry.log.info('done');
    await page.advance(6_000);
    expect(gateway.batches.flatMap(({ logs = [] }) => logs)).toHaveLength(1);
    expect(JSON.stringify(gateway.batches)).not.toContain('CANARY');
  });
});

describe('closing', () => {
  it('is the script’s where it is there', async () => {
    const { gateway, open } = setUp();
    const close = vi.fn();
    const { page, telemetry } = open({ close });
    telemetry.trackUserAction('last');
    const closing = telemetry.flushAndClose();
    await page.advance(300);
    await closing;
    expect(close).toHaveBeenCalledOnce();
    expect(gateway.total('user_action_total')).toBe(1);
  });

  it('else goes through the bare bridge, 300 ms later where the gateway does not answer', async () => {
    const { gateway, open } = setUp();
    gateway.outage = 'hangs';
    const { page, telemetry } = open();
    const postEvent = vi.fn();
    Object.assign(page.window, { TelegramWebviewProxy: { postEvent } });
    telemetry.trackUserAction('last');
    void telemetry.flushAndClose();
    await page.advance(290);
    expect(postEvent).not.toHaveBeenCalled();
    await page.advance(20);
    expect(postEvent).toHaveBeenCalledExactlyOnceWith('web_app_close', '{}');
  });

  it('asks the page around it where it is in a frame', async () => {
    const { open } = setUp();
    const { page, telemetry } = open();
    const postMessage = vi.fn();
    Object.assign(page.window, { parent: { postMessage } });
    const closing = telemetry.flushAndClose();
    await page.advance(300);
    await closing;
    expect(postMessage).toHaveBeenCalledExactlyOnceWith('{"eventType":"web_app_close","eventData":{}}', '*');
  });
});
