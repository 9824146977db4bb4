import type { TelegramEventData } from '../telemetry';
import { attempt, type Environment, listen } from './environment';

/** The part of `window.Telegram.WebApp` that is read here; older ones lack some of it, and any of it may throw. */
export interface TelegramWebApp {
  onEvent(type: string, run: (event?: { readonly isStateStable?: boolean }) => void): void;
  offEvent(type: string, run: (event?: { readonly isStateStable?: boolean }) => void): void;
  close(): void;
  readonly initData: string;
  readonly platform: unknown;
  readonly version: unknown;
  readonly colorScheme: unknown;
  readonly isFullscreen: unknown;
  readonly isActive: unknown;
  readonly viewportStableHeight: number;
}

type Receive = (event: string, data: TelegramEventData) => void;

interface Ports {
  readonly TelegramWebviewProxy?: unknown;
  /** Called by iOS and the desktops; `Telegram.WebView` is called by Android. */
  TelegramGameProxy?: { receiveEvent?: Receive };
  Telegram?: { WebView?: { receiveEvent?: Receive }; readonly WebApp?: Partial<TelegramWebApp> };
}

/** Returns what telegram-web-app.js has made, or an empty object. Throws where a foreign bridge does. */
export function telegramWebApp(environment: Environment): Partial<TelegramWebApp> {
  return (environment as Ports).Telegram?.WebApp ?? {};
}

/**
 * Watches Telegram's bridge by whichever way there is: telegram-web-app.js, whenever it is loaded; the messages of
 * Telegram's web clients, which tma.js also makes of native events; and where a native client finds neither, the
 * functions that it calls. An event that arrives by two ways is received twice. Returns how to stop.
 */
export function watchTelegram(environment: Environment, onEvent: Receive): () => void {
  const ports = environment as Ports;
  let stopped = false;
  let detach: (() => void) | undefined;

  const receive: Receive = (event, data) => {
    // macOS sends `null`: https://github.com/Telegram-Mini-Apps/tma.js, packages/bridge/src/events/emitter.ts
    if (!stopped) attempt(() => onEvent(event, Object(data)));
  };

  const attach = () =>
    attempt(() => {
      const webApp = telegramWebApp(environment);
      if (detach || !webApp.onEvent) return;
      const events = {
        activated: () => receive('visibility_changed', { is_visible: true }),
        deactivated: () => receive('visibility_changed', { is_visible: false }),
        fullscreenChanged: () => receive('fullscreen_changed', { is_fullscreen: webApp.isFullscreen }),
        viewportChanged: (event?: { readonly isStateStable?: boolean }) =>
          receive('viewport_changed', {
            is_state_stable: event?.isStateStable,
            height: webApp.viewportStableHeight,
          }),
      };
      const each = (verb: 'onEvent' | 'offEvent') => {
        for (const [name, run] of Object.entries(events)) attempt(() => webApp[verb]?.(name, run));
      };
      detach = () => each('offEvent');
      each('onEvent');
    });

  // What is missing is put in; what an SDK has there, or puts there later, is left alone.
  attempt(() => {
    if (!ports.TelegramWebviewProxy) return;
    ports.TelegramGameProxy ??= {};
    ports.TelegramGameProxy.receiveEvent ??= receive;
    ports.Telegram ??= {};
    ports.Telegram.WebView ??= {};
    ports.Telegram.WebView.receiveEvent ??= receive;
  });
  attach();
  const stop = listen([
    // The `load` of each script, which may be telegram-web-app.js, and of the page, which may have bundled it.
    [environment.document, 'load', attach],
    [environment, 'load', attach],
    [
      environment,
      'message',
      ({ data, source }: MessageEvent) =>
        attempt(() => {
          if (source !== environment.parent || !/"eventType"/.test(data)) return;
          const { eventType, eventData } = JSON.parse(data);
          if (eventType) receive(eventType, eventData);
        }),
    ],
  ]);

  return () => {
    stopped = true;
    stop();
    detach?.();
  };
}
