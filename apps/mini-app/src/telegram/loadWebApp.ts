import type { LaunchParams } from './launchParams';

const SCRIPT = 'https://telegram.org/js/telegram-web-app.js';
const HANDOVER = '__telegram__initParams';

/** Whether Telegram opened this page, or opened it before a reload in this tab. */
export function insideTelegram(params: LaunchParams): boolean {
  if ('tgWebAppVersion' in params || 'tgWebAppData' in params) return true;
  try {
    return window.sessionStorage.getItem(HANDOVER) !== null;
  } catch {
    return false;
  }
}

/**
 * Loads Telegram's script, only where Telegram opened the page. Settles when it is there, when it fails, or after
 * `timeout` ms: the app never waits for it longer. Never rejects.
 */
export function loadWebApp(params: LaunchParams, timeout = 3_000): Promise<void> {
  if (window.Telegram?.WebApp || !insideTelegram(params)) return Promise.resolve();
  try {
    // The hash is clean by now. The script falls back to this entry of its own, in which it keeps the same
    // parameters for a reload: core.telegram.org/bots/webapps, telegram-web-app.js `sessionStorageGet('initParams')`.
    if (Object.keys(params).length > 0) window.sessionStorage.setItem(HANDOVER, JSON.stringify(params));
  } catch {
    // Storage is off: the script still brings theme and haptics, without the user.
  }
  return new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = SCRIPT;
    script.async = true;
    script.onload = () => resolve();
    script.onerror = () => resolve();
    setTimeout(resolve, timeout);
    document.head.append(script);
  });
}
