import type { LaunchParams } from '@artel/telemetry-protocol';
import { attempt, type Environment } from '../../page/environment';
import { telegramWebApp } from '../../page/telegramBridge';
import type { Contribution, IntegrationHost } from '../../telemetry';
import { createExchange } from './exchangeInitData';
import { type BridgeState, readContext } from './readContext';

/** The bare bridge of a native client. */
interface BareBridge {
  readonly TelegramWebviewProxy?: { postEvent(event: string, data: string): void };
}

/** What `telegram` contributes once this chunk is loaded. */
export type MiniApp = Required<Pick<Contribution, 'token' | 'context' | 'close' | 'onTelegramEvent'>>;

interface MiniAppDeps extends Pick<IntegrationHost, 'telemetry' | 'environment' | 'fetch' | 'key'> {
  readonly params: LaunchParams;
  /** Absolute URL of `POST /api/session`. */
  readonly url: string;
}

export function createMiniApp({ telemetry, environment, params, ...session }: MiniAppDeps): MiniApp {
  const state: BridgeState = { active: true, fullscreen: !!params['tgWebAppFullscreen'] };
  const exchange = createExchange({ environment, ...session });
  let height: number | undefined;
  return {
    async token() {
      const initData = params['tgWebAppData'] || attempt(() => telegramWebApp(environment).initData);
      return initData ? exchange(initData) : undefined;
    },
    context: () => readContext(environment, params, state),
    close() {
      const { TelegramWebviewProxy: proxy, parent } = environment as Environment & BareBridge;
      const eventType = 'web_app_close';
      if (proxy) proxy.postEvent(eventType, '{}');
      else if (parent !== environment) parent.postMessage(JSON.stringify({ eventType, eventData: {} }), '*');
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
}
