import { attempt, type Environment } from '../../environment';
import { telegramWebApp } from '../../lifecycle';
import type { Integration } from '../../telemetry';
import { exchangeInitData } from './exchangeInitData';
import { type BridgeState, readContext } from './readContext';
import { takeLaunchParams } from './takeLaunchParams';
import { watchBridge } from './watchBridge';

/** The bare bridge: of a native client, or of the page around the frame that the app is in. */
interface BareBridge {
  readonly TelegramWebviewProxy?: { postEvent(event: string, data: string): void };
}

/** What `telegram` does on its own, and may be told not to. */
export interface TelegramOptions {
  /**
   * Address of the gateway's `POST /api/session`. Left out: `session` in the place of the last part of `endpoint`.
   * `false`: no exchange, every player is anonymous unless `token` or `setUser` says otherwise.
   */
  readonly session?: string | false;
  /** Takes the launch parameters out of the address bar at once. `true`. */
  readonly strip?: boolean;
}

/**
 * Makes the client at home in a Telegram Mini App; outside of one it changes little. Works with telegram-web-app.js,
 * with tma.js, with neither, with old clients and with bridges that throw. Call it while the app's first module is
 * evaluated: there and then it takes the launch parameters out of the address (`takeLaunchParams`).
 *
 * - Telegram's signed initData is exchanged for a session token, which is renewed in time; the answer's `subject`, a
 *   pseudonym, becomes the user. Without initData, or while the exchange fails, the player is anonymous. initData goes
 *   nowhere else.
 * - `platform` (`browser` outside Telegram), `telegram_version`, `color_scheme`, `fullscreen` and `active` go with each log line and span, and
 *   `platform` becomes a label of the web vitals.
 * - When Telegram puts the app aside, everything is put down and sent, though the document stays visible; when it comes
 *   back, sending goes on. A new height of the app that stays is a log line of level `debug`.
 */
export function telegram({ session, strip }: TelegramOptions = {}): Integration {
  const params = takeLaunchParams(strip);
  return {
    name: 'telegram',
    setup({ log }, environment, host) {
      const state: BridgeState = { active: true, fullscreen: !!params['tgWebAppFullscreen'] };
      let height: number | undefined;

      host.context = () => readContext(environment, params, state);
      if (session !== false) {
        const url = session ?? `${new URL('session', new URL(host.endpoint, environment.document.baseURI))}`;
        host.token ??= exchangeInitData(
          environment,
          host,
          url,
          () => params['tgWebAppData'] || attempt(() => telegramWebApp(environment).initData),
        );
      }
      host.close = () => {
        const { TelegramWebviewProxy: proxy, parent } = environment as Environment & BareBridge;
        const eventType = 'web_app_close';
        if (proxy) proxy.postEvent(eventType, '{}');
        else if (parent !== environment)
          parent.postMessage(JSON.stringify({ eventType, eventData: {} }), '*');
      };

      return watchBridge(environment, (event, data) => {
        if (event === 'visibility_changed') {
          state.active = !!data.is_visible;
          state.active ? host.show() : host.hide();
        }
        if (event === 'fullscreen_changed') state.fullscreen = !!data.is_fullscreen;
        if (event === 'viewport_changed' && data.is_state_stable && data.height !== height) {
          height = data.height;
          log.debug('Viewport changed', { height });
        }
      });
    },
  };
}
