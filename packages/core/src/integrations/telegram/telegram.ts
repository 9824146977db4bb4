import { attempt, type Environment } from '../../page/environment';
import { telegramWebApp } from '../../page/telegramBridge';
import type { Contribution, Integration } from '../../telemetry';
import { type BridgeState, readContext } from './readContext';
import { takeLaunchParams } from './takeLaunchParams';

/** The bare bridge of a native client. */
interface BareBridge {
  readonly TelegramWebviewProxy?: { postEvent(event: string, data: string): void };
}

/** Options of `telegram`. */
export interface TelegramOptions {
  /**
   * URL of the gateway's `POST /api/session`. Left out: `session` in place of the last part of `endpoint`. `false`: no
   * exchange; players are anonymous unless `token` or `setUser` says otherwise.
   */
  readonly session?: string | false;
  /** Takes the launch parameters out of the address bar at once. `true`. */
  readonly strip?: boolean;
}

/**
 * Integrates the client into a Telegram Mini App; elsewhere it changes little. Works with telegram-web-app.js, with
 * tma.js, with neither, with old clients and with bridges that throw. Call it while the app's first module is evaluated:
 * there and then it takes the launch parameters out of the address (`takeLaunchParams`).
 *
 * - Exchanges Telegram's signed initData for a session token, and renews it in time; the answer's `subject`, a pseudonym,
 *   becomes the user. Without initData, or while the exchange fails, the player is anonymous. initData goes nowhere else.
 * - Adds `platform` (`browser` outside Telegram), `telegram_version`, `color_scheme`, `fullscreen` and `active` to each
 *   log line and span, and `platform` as a label to the web vitals.
 * - Logs each new height of the app that stays, at level `debug`.
 */
export function telegram({ session, strip }: TelegramOptions = {}): Integration {
  const params = takeLaunchParams(strip);
  return {
    name: 'telegram',
    setup({ telemetry, environment, endpoint, fetch, key }): Contribution {
      const state: BridgeState = { active: true, fullscreen: !!params['tgWebAppFullscreen'] };
      let height: number | undefined;

      const loadExchange = async () => {
        const { createExchange } = await import('./exchangeInitData');
        const url = session || new URL('session', endpoint).href;
        return createExchange({ environment, fetch, key, url });
      };
      let exchange: ReturnType<typeof loadExchange> | undefined;
      const token = async () => {
        const initData = params['tgWebAppData'] || attempt(() => telegramWebApp(environment).initData);
        if (!initData) return undefined;
        try {
          exchange ??= loadExchange();
          return (await exchange)(initData);
        } catch {
          // The chunk did not arrive.
          exchange = undefined;
          return undefined;
        }
      };

      return {
        ...(session !== false && { token }),
        context: () => readContext(environment, params, state),
        close() {
          const { TelegramWebviewProxy: proxy, parent } = environment as Environment & BareBridge;
          const eventType = 'web_app_close';
          if (proxy) proxy.postEvent(eventType, '{}');
          else if (parent !== environment)
            parent.postMessage(JSON.stringify({ eventType, eventData: {} }), '*');
        },
        onTelegramEvent(event, data) {
          if (event === 'visibility_changed') state.active = !!data.is_visible;
          if (event === 'fullscreen_changed') state.fullscreen = !!data.is_fullscreen;
          if (event === 'viewport_changed' && data.is_state_stable && data.height !== height) {
            height = data.height;
            telemetry.log.debug('Viewport changed', { height });
          }
        },
      };
    },
  };
}
