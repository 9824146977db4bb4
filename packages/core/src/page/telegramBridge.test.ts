// @vitest-environment jsdom
// Node's EventTarget does not remove listeners of the capture phase that are removed with `true`.
import { describe, expect, it, vi } from 'vitest';
import type { Environment } from './environment';
import { telegramWebApp, watchTelegram } from './telegramBridge';

type Listener = (event?: object) => void;

/** telegram-web-app.js as far as its events go. */
function fakeScript() {
  const listeners = new Map<string, Listener>();
  return {
    listeners,
    onEvent: (name: string, run: Listener) => void listeners.set(name, run),
    offEvent: (name: string, run: Listener) => void (listeners.get(name) === run && listeners.delete(name)),
    viewportStableHeight: 700,
    isFullscreen: true,
  };
}

function openPage(globals: object = {}) {
  const document = new EventTarget();
  const window: EventTarget = Object.assign(new EventTarget(), { document }, globals);
  const environment = Object.assign(window, { parent: window }) as unknown as Environment;
  const events: (readonly [event: string, data: object])[] = [];
  return {
    environment,
    events,
    watch: () => watchTelegram(environment, (event, data) => events.push([event, data])),
    /** Sends a message to the page. */
    post: (data: unknown, source: unknown = environment.parent) =>
      environment.dispatchEvent(Object.assign(new Event('message'), { data, source })),
    get: (name: string) => Reflect.get(environment, name),
  };
}

const hidden = ['visibility_changed', { is_visible: false }] as const;

describe('watching Telegram', () => {
  it('receives the events of telegram-web-app.js, with their data', () => {
    const WebApp = fakeScript();
    const { events, watch } = openPage({ Telegram: { WebApp } });
    watch();
    WebApp.listeners.get('deactivated')?.();
    WebApp.listeners.get('activated')?.();
    WebApp.listeners.get('fullscreenChanged')?.();
    WebApp.listeners.get('viewportChanged')?.({ isStateStable: true });
    WebApp.listeners.get('viewportChanged')?.();
    expect(events).toEqual([
      hidden,
      ['visibility_changed', { is_visible: true }],
      ['fullscreen_changed', { is_fullscreen: true }],
      ['viewport_changed', { is_state_stable: true, height: 700 }],
      ['viewport_changed', { is_state_stable: undefined, height: 700 }],
    ]);
  });

  it.each([
    ['a script', (environment: Environment) => environment.document],
    ['the page', (environment: Environment) => environment],
  ])('finds telegram-web-app.js when %s has been loaded later, and attaches to it once', (_, target) => {
    const WebApp = fakeScript();
    const onEvent = vi.spyOn(WebApp, 'onEvent');
    const { environment, events, watch } = openPage();
    watch();
    Object.assign(environment, { Telegram: { WebApp } });
    for (let i = 0; i < 3; i++) target(environment).dispatchEvent(new Event('load'));
    WebApp.listeners.get('deactivated')?.();
    expect(events).toEqual([hidden]);
    expect(onEvent).toHaveBeenCalledTimes(4);
  });

  it('receives the messages of Telegram’s web clients, and of nobody else', () => {
    const { events, watch, post } = openPage();
    watch();
    post('{"eventType":"visibility_changed","eventData":{"is_visible":false}}');
    post('{"eventType":"visibility_changed","eventData":{"is_visible":false}}', 'a frame inside');
    post('{"eventType":"viewport_changed","eventData":null}');
    expect(events).toEqual([hidden, ['viewport_changed', {}]]);
  });

  it.each([undefined, null, 7, {}, '', '{"eventType"', '"eventType"', '{"other":1}', Symbol('s')])(
    'ignores the message %s',
    (data) => {
      const { events, watch, post } = openPage();
      watch();
      post(data);
      expect(events).toEqual([]);
    },
  );

  it('receives what native clients call, with null for no data', () => {
    const { events, watch, get } = openPage({ TelegramWebviewProxy: {} });
    watch();
    get('TelegramGameProxy').receiveEvent(...hidden);
    get('Telegram').WebView.receiveEvent(...hidden);
    get('Telegram').WebView.receiveEvent('back_button_pressed', null);
    expect(events).toEqual([hidden, hidden, ['back_button_pressed', {}]]);
  });

  it('leaves the functions of an SDK in place', () => {
    const receiveEvent = () => {};
    const { watch, get } = openPage({
      TelegramWebviewProxy: {},
      TelegramGameProxy: { receiveEvent },
      Telegram: { WebView: { receiveEvent } },
    });
    watch();
    expect(get('TelegramGameProxy').receiveEvent).toBe(receiveEvent);
    expect(get('Telegram').WebView.receiveEvent).toBe(receiveEvent);
  });

  it('adds nothing to a plain browser', () => {
    const { watch, get } = openPage();
    watch();
    expect([get('Telegram'), get('TelegramGameProxy')]).toEqual([undefined, undefined]);
  });

  it('receives nothing after it has been stopped, by none of the ways', () => {
    const WebApp = fakeScript();
    const { events, watch, post, get } = openPage({ TelegramWebviewProxy: {}, Telegram: { WebApp } });
    const stop = watch();
    expect(WebApp.listeners.size).toBe(4);
    stop();
    expect(WebApp.listeners.size).toBe(0);
    get('TelegramGameProxy').receiveEvent(...hidden);
    post('{"eventType":"visibility_changed"}');
    expect(events).toEqual([]);
  });

  it('does not attach to a script that is loaded after it has been stopped', () => {
    const WebApp = fakeScript();
    const { environment, watch } = openPage();
    watch()();
    Object.assign(environment, { Telegram: { WebApp } });
    environment.document.dispatchEvent(new Event('load'));
    expect(WebApp.listeners.size).toBe(0);
  });

  it('survives bridges that throw, and listeners of ours that do', () => {
    const throwing = new Proxy(
      {},
      {
        get() {
          throw new Error('WebAppMethodUnsupported');
        },
      },
    );
    const { environment, watch, post } = openPage({ TelegramWebviewProxy: throwing, Telegram: throwing });
    watch()();
    const stop = watchTelegram(environment, () => {
      throw new Error('ours');
    });
    post('{"eventType":"visibility_changed"}');
    expect(() => Reflect.get(environment, 'TelegramGameProxy').receiveEvent('x', {})).not.toThrow();
    stop();
  });
});

describe('telegramWebApp', () => {
  it('is what telegram-web-app.js has made, or empty', () => {
    const WebApp = { version: '9.1' };
    expect(telegramWebApp(openPage({ Telegram: { WebApp } }).environment)).toBe(WebApp);
    expect(telegramWebApp(openPage({ Telegram: {} }).environment)).toEqual({});
    expect(telegramWebApp(openPage().environment)).toEqual({});
  });
});
