import { whenIdle } from '../../page/environment';
import type { Contribution, Integration } from '../../telemetry';
import type { MiniApp } from './miniApp';
import { takeFromAddress, takeLaunchParams } from './takeLaunchParams';

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
 * there and then it takes the launch parameters out of the address (`takeLaunchParams`). The rest is loaded after the start.
 *
 * - Exchanges Telegram's signed initData for a session token, and renews it in time; the answer's `subject`, a pseudonym,
 *   becomes the user. Without initData, or while the exchange fails, the player is anonymous. initData goes nowhere else.
 * - Adds `platform` (`browser` outside Telegram), `telegram_version`, `color_scheme`, `fullscreen` and `active` to each
 *   log line and span, and `platform` as a label to the web vitals.
 * - Logs each new height of the app that stays, at level `debug`.
 */
export function telegram({ session, strip }: TelegramOptions = {}): Integration {
  takeFromAddress(strip);
  return {
    name: 'telegram',
    setup({ telemetry, environment, endpoint, fetch, key }): Contribution {
      const url = session || new URL('session', endpoint).href;
      let miniApp: MiniApp | undefined;
      const load = async () => {
        try {
          const { createMiniApp } = await import('./miniApp');
          miniApp ??= createMiniApp({
            telemetry,
            environment,
            fetch,
            key,
            url,
            params: takeLaunchParams(strip),
          });
        } catch {
          // The chunk did not arrive; the next batch's token asks for it again.
        }
        return miniApp;
      };
      whenIdle(environment, load);
      return {
        ...(session !== false && { token: async () => (await load())?.token() }),
        context: () => miniApp?.context() ?? {},
        close: () => miniApp?.close(),
        onTelegramEvent: (event, data) => miniApp?.onTelegramEvent(event, data),
      };
    },
  };
}
