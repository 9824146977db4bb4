import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Environment } from '../../page/environment';
import { fakeHost } from '../host.fixture';
import { type TelegramOptions, telegram } from './telegram';

const ALICE = 'user=alice&hash=aa';

/** Of a page that is always idle. */
const runAtOnce = (run: () => void) => run();

interface PageFacts {
  readonly webApp?: object;
  readonly globals?: object;
  readonly options?: TelegramOptions;
}

async function setUp({ webApp, globals, options }: PageFacts = {}) {
  const fetch = vi.fn(async (_url: unknown) => Response.json({ token: 't1', subject: 'alice' }));
  const page = { performance, requestIdleCallback: runAtOnce, Telegram: { WebApp: webApp } };
  const environment = Object.assign(page, { parent: page }, globals) as unknown as Environment;
  const { host, calls } = fakeHost(environment, { fetch, endpoint: 'https://app.test/eu/api/metrics?x=1' });
  const contribution = telegram(options).setup(host) ?? {};
  await vi.dynamicImportSettled();
  return { fetch, calls, environment, ...contribution };
}

afterEach(() => {
  vi.doUnmock('./miniApp');
  vi.resetModules();
});

describe('the session token', () => {
  it('is asked for with initData, beside the endpoint', async () => {
    const { token, fetch } = await setUp({ webApp: { initData: ALICE } });
    expect(await token?.()).toEqual({ token: 't1', subject: 'alice' });
    expect(fetch.mock.calls[0]?.[0]).toBe('https://app.test/eu/api/session');
  });

  it('is asked for where the app says', async () => {
    const options = { session: 'https://auth.test/session' };
    const { token, fetch } = await setUp({ webApp: { initData: ALICE }, options });
    await token?.();
    expect(fetch.mock.calls[0]?.[0]).toBe('https://auth.test/session');
  });

  it('is left to others with `session: false`', async () => {
    expect(await setUp({ webApp: { initData: ALICE }, options: { session: false } })).not.toHaveProperty(
      'token',
    );
  });

  it('is asked for again by the same exchange, which keeps its pauses', async () => {
    const { token, fetch } = await setUp({ webApp: { initData: ALICE } });
    fetch.mockImplementation(async () => new Response('', { status: 401 }));
    expect([await token?.(), await token?.()]).toEqual([undefined, undefined]);
    expect(fetch).toHaveBeenCalledOnce();
  });

  it.each([
    ['there is no initData', { initData: '' }],
    ['there is no script', undefined],
  ])('is undefined where %s', async (_, webApp) => {
    const { token, fetch } = await setUp(webApp ? { webApp } : {});
    expect(await token?.()).toBeUndefined();
    expect(fetch).not.toHaveBeenCalled();
  });

  it('is undefined while its chunk cannot be loaded, and is requested again', async () => {
    vi.resetModules();
    let arrives = false;
    vi.doMock('./miniApp', () => {
      if (!arrives) throw new Error('Failed to fetch dynamically imported module');
      return { createMiniApp: () => ({ token: async () => ({ token: 't2' }) }) };
    });
    const { telegram: fresh } = await import('./telegram');
    const page = { performance, requestIdleCallback: runAtOnce, Telegram: { WebApp: { initData: ALICE } } };
    const environment = page as unknown as Environment;
    const token = fresh().setup(fakeHost(environment).host)?.token;
    expect(await token?.()).toBeUndefined();
    arrives = true;
    vi.resetModules();
    expect(await token?.()).toEqual({ token: 't2' });
  });
});

describe('the context', () => {
  it('follows the events of the bridge', async () => {
    const { context, onTelegramEvent } = await setUp();
    expect(context?.()).toMatchObject({ active: true, fullscreen: false });
    onTelegramEvent?.('visibility_changed', { is_visible: false });
    onTelegramEvent?.('fullscreen_changed', { is_fullscreen: true });
    expect(context?.()).toMatchObject({ active: false, fullscreen: true });
  });
});

describe('the height of the app', () => {
  it('is one debug line when it stays, and none while a finger drags it', async () => {
    const { calls, onTelegramEvent } = await setUp();
    for (let height = 600; height < 700; height++) {
      onTelegramEvent?.('viewport_changed', { height, is_state_stable: false });
    }
    onTelegramEvent?.('viewport_changed', { height: 700, is_state_stable: true });
    onTelegramEvent?.('viewport_changed', { height: 700, is_state_stable: true });
    onTelegramEvent?.('viewport_changed', {});
    expect(calls).toEqual([['log.debug', 'Viewport changed', { height: 700 }]]);
  });
});

describe('events that carry the player’s own', () => {
  it('leave no trace', async () => {
    const { calls, context, onTelegramEvent } = await setUp();
    const before = context?.();
    for (const event of [
      'qr_text_received',
      'clipboard_text_received',
      'phone_requested',
      'invoice_closed',
    ]) {
      const data = { data: 'CANARY', is_visible: false, is_state_stable: true, height: 1 };
      onTelegramEvent?.(event, data);
    }
    expect(calls).toEqual([]);
    expect(context?.()).toEqual(before);
  });
});

describe('closing', () => {
  it('goes through the native bridge', async () => {
    const postEvent = vi.fn();
    (await setUp({ globals: { TelegramWebviewProxy: { postEvent } } })).close?.();
    expect(postEvent).toHaveBeenCalledExactlyOnceWith('web_app_close', '{}');
  });

  it('asks the page around it in a frame', async () => {
    const postMessage = vi.fn();
    (await setUp({ globals: { parent: { postMessage } } })).close?.();
    expect(postMessage).toHaveBeenCalledExactlyOnceWith('{"eventType":"web_app_close","eventData":{}}', '*');
  });

  it('does nothing in a page that is neither', async () => {
    const { close, environment } = await setUp();
    const postMessage = vi.fn();
    Object.assign(environment, { postMessage });
    close?.();
    expect(postMessage).not.toHaveBeenCalled();
  });
});
