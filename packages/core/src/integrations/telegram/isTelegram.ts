import { attempt, type Environment } from '../../page/environment';
import { takeFromAddress, takeLaunchParams } from './takeLaunchParams';

interface Ports {
  readonly TelegramWebviewProxy?: unknown;
  readonly Telegram?: { readonly WebApp?: unknown };
}

/**
 * Whether the page is a Mini App, or at least has Telegram's script: by its launch parameters, telegram-web-app.js or a
 * native bridge. Changes nothing.
 */
export function isTelegram(environment: Environment): boolean {
  if (Object.keys(takeFromAddress(false))[0]) return true;
  return !!attempt(() => {
    const { TelegramWebviewProxy, Telegram, parent } = environment as Ports & Environment;
    if (TelegramWebviewProxy || Telegram?.WebApp) return true;
    // After a reload in one of Telegram's web clients, which are frames around the app.
    return parent !== environment && Object.keys(takeLaunchParams(false))[0];
  });
}
