import { flush } from '@sentry/react';

type OnEvent = (event: string, callback: () => void) => void;

/** The `Telegram.WebApp.onEvent` of telegram-web-app.js, where the page has it. */
function bridge(): OnEvent | undefined {
  let at: unknown = globalThis;
  for (const key of ['Telegram', 'WebApp']) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, key);
  }
  if (typeof at !== 'object' || at === null) return undefined;
  const app = at;
  const onEvent: unknown = Reflect.get(app, 'onEvent');
  if (typeof onEvent !== 'function') return undefined;
  return (event, callback) => Reflect.apply(onEvent, app, [event, callback]);
}

/**
 * Sends what waits when the player leaves for another chat: Sentry flushes when the document hides, and a Mini App
 * may be put aside while its document stays visible (Telegram's `deactivated`, Bot API 8.0).
 */
export function flushWhenDeactivated(): void {
  try {
    bridge()?.('deactivated', () => {
      void flush(2_000).then(undefined, () => {});
    });
  } catch {
    // An old bridge that knows no such event.
  }
}
