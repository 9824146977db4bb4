import { flushSentry } from './flushSentry';

/** As far as telegram-web-app.js is used here; an old or foreign one may lack or refuse it. */
interface Bridge {
  readonly Telegram?: {
    readonly WebApp?: { onEvent?(event: string, listener: () => void): void };
  };
}

/** Telegram's web clients say it in a message, and so does tma.js wherever it is. */
const PUT_ASIDE = /"visibility_changed".*"is_visible": ?false/;

/**
 * Sends what waits when the player leaves for another chat: Sentry flushes when the document hides, and a Mini App
 * may be put aside while its document stays visible (Telegram's `deactivated`, Bot API 8.0).
 */
export function flushWhenDeactivated(): void {
  const flush = () => void flushSentry();
  let heard = false;
  const listen = () => {
    try {
      const { WebApp } = (window as Bridge).Telegram ?? {};
      if (heard || !WebApp?.onEvent) return;
      heard = true;
      WebApp.onEvent('deactivated', flush);
    } catch {
      // A bridge that throws; the messages remain.
    }
  };
  listen();
  // The `load` of each script: one of them may be telegram-web-app.js.
  document.addEventListener('load', listen, true);
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string' && PUT_ASIDE.test(data)) flush();
  });
}
