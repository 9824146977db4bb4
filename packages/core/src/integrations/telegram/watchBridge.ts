import { attempt, type Environment, listen } from '../../environment';
import { telegramWebApp } from '../../lifecycle';

/**
 * What a Mini App learns of its place in Telegram; each event has some of the fields. Others, whose payloads are the
 * player's, are not listed.
 */
interface EventData {
  /** Of `visibility_changed`. */
  readonly is_visible?: unknown;
  /** Of `fullscreen_changed`. */
  readonly is_fullscreen?: unknown;
  /** Of `viewport_changed`: px, and whether no finger is dragging it any more. */
  readonly height?: number | undefined;
  readonly is_state_stable?: unknown;
}

export type Receive = (event: string, data: EventData) => void;

interface Ports {
  readonly TelegramWebviewProxy?: unknown;
  /** Where iOS and the desktops deliver events, and below where Android does. */
  TelegramGameProxy?: { receiveEvent?: Receive };
  Telegram?: { WebView?: { receiveEvent?: Receive } };
}

/**
 * Watches the bridge by whichever way there is, and answers how to stop: telegram-web-app.js, whenever it is loaded;
 * the messages of Telegram's web clients, as which tma.js hands on native events as well; and where a native client
 * finds neither, the functions that it calls. An event that comes by two ways is told twice.
 */
export function watchBridge(environment: Environment, onEvent: Receive): () => void {
  const ports = environment as Ports;
  let stopped = false;
  let unwatch: (() => void) | undefined;

  // macOS sends `null`: https://github.com/Telegram-Mini-Apps/tma.js, packages/bridge/src/events/emitter.ts
  const receive: Receive = (event, data) => stopped || onEvent(event, Object(data));

  const watchWebApp = () => {
    const webApp = telegramWebApp(environment);
    if (unwatch || !webApp.onEvent) return;
    const visible = (is_visible: boolean) => () => receive('visibility_changed', { is_visible });
    const events = {
      activated: visible(true),
      deactivated: visible(false),
      viewportChanged: ({ isStateStable }: { readonly isStateStable?: boolean } = {}) =>
        receive('viewport_changed', {
          is_state_stable: isStateStable,
          height: webApp.viewportStableHeight,
        }),
    };
    const each = (verb: 'onEvent' | 'offEvent') => {
      for (const [name, run] of Object.entries(events)) attempt(() => webApp[verb]?.(name, run));
    };
    unwatch = () => each('offEvent');
    each('onEvent');
  };

  // What is missing is put in; what an SDK has there, or puts there later, is left alone.
  attempt(() => {
    if (!ports.TelegramWebviewProxy) return;
    ports.TelegramGameProxy ??= {};
    ports.TelegramGameProxy.receiveEvent ??= receive;
    ports.Telegram ??= {};
    ports.Telegram.WebView ??= {};
    ports.Telegram.WebView.receiveEvent ??= receive;
  });
  const tryWebApp = () => attempt(watchWebApp);
  tryWebApp();
  const stop = listen([
    // The `load` of each script: one of them may be telegram-web-app.js.
    [environment.document, 'load', tryWebApp],
    [
      environment,
      'message',
      ({ data, source }: MessageEvent) =>
        attempt(() => {
          if (source !== environment.parent || !/"eventType"/.test(data)) return;
          const { eventType, eventData } = JSON.parse(data);
          receive(eventType, eventData);
        }),
    ],
  ]);

  return () => {
    stopped = true;
    stop();
    unwatch?.();
  };
}
