import type { LaunchParams } from '@artel/telemetry-react';

const SCRIPT = 'https://telegram.org/js/telegram-web-app.js';
const HANDOVER = '__telegram__initParams';

/**
 * Loads Telegram's script, only where Telegram opened the page. Settles when it is there, when it fails, or after
 * `timeout` ms: the app never waits for it longer. Never rejects.
 */
export function loadWebApp(params: LaunchParams, timeout = 3_000): Promise<void> {
  const insideTelegram = 'tgWebAppVersion' in params || 'tgWebAppData' in params;
  if (window.Telegram?.WebApp || !insideTelegram) return Promise.resolve();
  try {
    // The hash is clean by now. The script falls back to this entry of its own, in which it keeps the same
    // parameters for a reload: core.telegram.org/bots/webapps, telegram-web-app.js `sessionStorageGet('initParams')`.
    window.sessionStorage.setItem(HANDOVER, JSON.stringify(params));
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
