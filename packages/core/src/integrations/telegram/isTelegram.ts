import { attempt, type Environment } from '../../page/environment';
import { takeLaunchParams } from './takeLaunchParams';

interface Ports {
  readonly TelegramWebviewProxy?: unknown;
  readonly Telegram?: { readonly WebApp?: unknown };
}

/**
 * Whether the page is a Mini App, or at least has Telegram's script: by its launch parameters, telegram-web-app.js or a
 * native bridge. Changes nothing.
 */
export function isTelegram(environment: Environment): boolean {
  if (Object.keys(takeLaunchParams(false))[0]) return true;
  return !!attempt(() => {
    const { TelegramWebviewProxy, Telegram } = environment as Ports;
    return TelegramWebviewProxy || Telegram?.WebApp;
  });
}
